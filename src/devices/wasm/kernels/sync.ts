// Threads in lockstep: tickets hand out work, a barrier ends an instruction. Waiting spins briefly, then sleeps, so that a thread
// without work costs nothing. Without the threads feature all of it folds away.
import * as c from "./context";

// About 30 and 300 microseconds: longer than an uneven end of an instruction, and than what the host does between two steps. Waking a
// sleeping thread costs as much.
const SPINS = 60000;
const COMMAND_SPINS = 600000;

/** The next piece of work of instruction `i`; every thread asks until the number is beyond the last piece. */
@inline export function ticket(i: usize): i32 {
  if (ASC_FEATURE_THREADS) return atomic.add<i32>(i + 4, 1);
  const next = load<i32>(i + 4);
  store<i32>(i + 4, next + 1);
  return next;
}

/**
 * A run of [0, total): its start, or `total` when nothing is left, and its length at `length`. Runs shrink as the end nears (guided
 * self-scheduling: Polychronopoulos and Kuck 1987), so that memory is read in long runs and threads still end together.
 */
@inline export function takeRun(i: usize, total: i32, least: i32, threads: i32, length: usize): i32 {
  for (;;) {
    const from = ASC_FEATURE_THREADS ? atomic.load<i32>(i + 4) : load<i32>(i + 4);
    if (from >= total) return total;
    const count = min(total - from, max(least, (total - from) / (2 * threads)));
    store<i32>(length, count);
    if (!ASC_FEATURE_THREADS) {
      store<i32>(i + 4, from + count);
      return from;
    }
    if (ASC_FEATURE_THREADS) if (atomic.cmpxchg<i32>(i + 4, from, from + count) == from) return from;
  }
  return total;
}

/** All threads meet; the last one sets the tickets of instructions [from, to) back before it lets the others go. */
export function barrier(ctx: usize, threads: i32, from: usize, to: usize): void {
  if (!ASC_FEATURE_THREADS || threads == 1) {
    for (let i = from; i < to; i += c.INSTRUCTION) store<i32>(i + 4, 0);
    return;
  }
  if (ASC_FEATURE_THREADS) {
    const generation = atomic.load<i32>(ctx + c.BARRIER_GENERATION);
    if (atomic.add<i32>(ctx + c.BARRIER_COUNT, 1) == threads - 1) {
      for (let i = from; i < to; i += c.INSTRUCTION) store<i32>(i + 4, 0);
      atomic.store<i32>(ctx + c.BARRIER_COUNT, 0);
      atomic.store<i32>(ctx + c.BARRIER_GENERATION, generation + 1);
      if (atomic.load<i32>(ctx + c.BARRIER_WAITERS) != 0) atomic.notify(ctx + c.BARRIER_GENERATION, -1);
    } else waitWhile(ctx + c.BARRIER_GENERATION, generation, ctx + c.BARRIER_WAITERS, SPINS);
  }
}

/** Returns once the word at `address` is no longer `value`. */
function waitWhile(address: usize, value: i32, waiters: usize, spins: i32): void {
  if (ASC_FEATURE_THREADS) {
    for (let n = 0; n < spins; n++) if (atomic.load<i32>(address) != value) return;
    atomic.add<i32>(waiters, 1);
    while (atomic.load<i32>(address) == value) atomic.wait<i32>(address, value, -1);
    atomic.sub<i32>(waiters, 1);
  }
}

/** Tells the other threads whose plan waits for them: a bank's number, or -1 for the end. Called by thread 0, on the first bank. */
export function start(ctx: usize, command: i32): void {
  if (ASC_FEATURE_THREADS) {
    store<i32>(ctx + c.COMMAND, command);
    atomic.add<i32>(ctx + c.COMMAND_GENERATION, 1);
    if (atomic.load<i32>(ctx + c.COMMAND_WAITERS) != 0) atomic.notify(ctx + c.COMMAND_GENERATION, -1);
  }
}

/** Waits for the command after number `seen`; returns its number. */
export function awaitCommand(ctx: usize, seen: i32): i32 {
  if (ASC_FEATURE_THREADS) {
    waitWhile(ctx + c.COMMAND_GENERATION, seen, ctx + c.COMMAND_WAITERS, COMMAND_SPINS);
    return atomic.load<i32>(ctx + c.COMMAND_GENERATION);
  }
  return seen;
}

/** The command that was waited for. */
export function command(ctx: usize): i32 {
  return load<i32>(ctx + c.COMMAND);
}
