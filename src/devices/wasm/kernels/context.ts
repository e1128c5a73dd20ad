// The words that host and kernels share: one context per executor, one instruction per step of the plan. wasm/layout.ts of the
// host writes the same numbers. Symbolic scalars (tokens, rows) live in the context, so a plan is made once and replayed.

// Context, byte offsets.
export const BARRIER_COUNT: usize = 0;
export const BARRIER_GENERATION: usize = 4;
export const BARRIER_WAITERS: usize = 8;
export const COMMAND_GENERATION: usize = 12;
export const COMMAND_WAITERS: usize = 16;
export const COMMAND: usize = 20;
export const THREADS: usize = 24;
export const PLAN: usize = 28;
export const PLAN_LENGTH: usize = 32;
export const TOKENS: usize = 36; // rows of kind 0
export const ROWS: usize = 40; // rows of kind 1
export const ONE: usize = 44; // rows of kind 2
export const SCRATCH: usize = 48;
export const SCRATCH_STRIDE: usize = 52;
export const TOKEN_IDS: usize = 56; // i32 [T]
export const TOKEN_POSITIONS: usize = 60; // i32 [T]
export const TOKEN_PAGES: usize = 64; // u32 [T]: address of the token's sequence's page table
export const ROW_TOKENS: usize = 68; // i32 [R]: which token each row of logits belongs to
export const ATTENTION_ITEMS: usize = 72;
export const ATTENTION_ITEM_COUNT: usize = 76;
export const MERGE_ITEMS: usize = 80;
export const MERGE_ITEM_COUNT: usize = 84;
export const PARTIALS: usize = 88;
// Of a step, 32 bytes each: first token, tokens, address of the sequence's recurrent state, of the log of its last drafts, how many
// updates of that to replay first, drafts among the tokens (the last ones), and the half of the log to replay from.
export const SEGMENTS: usize = 92;
export const SEGMENT_COUNT: usize = 96;

/** Training: bytes of the results of a row's loss, behind each other in the order of rows. */
export const ROW_RESULTS: usize = 24;

// Instruction: 24 words. Word 0: opcode, bit 8 set if a barrier follows. Word 1: the ticket counter.
export const INSTRUCTION: usize = 96;

@inline export function arg(i: usize, n: usize): i32 {
  return load<i32>(i + 8 + (n << 2));
}
@inline export function ptr(i: usize, n: usize): usize {
  return <usize>load<u32>(i + 8 + (n << 2));
}
@inline export function real(i: usize, n: usize): f32 {
  return load<f32>(i + 8 + (n << 2));
}
/** Rows of this step for a row kind: 0 tokens, 1 rows of logits, 2 one. */
@inline export function rowCount(ctx: usize, kind: i32): i32 {
  return load<i32>(ctx + TOKENS + (<usize>kind << 2));
}
@inline export function scratch(ctx: usize, thread: i32): usize {
  return <usize>load<u32>(ctx + SCRATCH) + <usize>thread * <usize>load<u32>(ctx + SCRATCH_STRIDE);
}
