// How a command ends: 0 well, 1 failure, 2 wrong usage, 130 interrupted. One clear line on stderr, no stack unless
// ANYQWEN_DEBUG is set. A reader that goes away (`| head`) is no error.

import pc from "picocolors";
import { AnyqwenError } from "../../core/errors.ts";
import { inFlags } from "./flag-names.ts";

export const exitCodes = { failure: 1, usage: 2, interrupted: 130 } as const;

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Prints what went wrong and returns the exit code that says so. */
export function reportError(error: unknown): number {
  if (process.env.ANYQWEN_DEBUG) console.error(error);
  if (error instanceof AnyqwenError && error.code === "aborted") {
    process.stderr.write(`${pc.yellow("interrupted")}\n`);
    return exitCodes.interrupted;
  }
  process.stderr.write(`${pc.red("error:")} ${messageOf(error)}\n`);
  if (error instanceof UsageError) return exitCodes.usage;
  return exitCodes.failure;
}

function messageOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof AnyqwenError) return inFlags(error.message);
  const text = error instanceof Error ? error.message || error.name : String(error);
  const known = error instanceof Error && "code" in error; // the operating system's own words
  return known ? text : `${text} (unexpected: set ANYQWEN_DEBUG=1 to see where)`;
}

/** Ends quietly when whoever reads our output has gone. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") process.exit(0);
    throw error;
  });
  process.stderr.on("error", () => {});
}

/** Ctrl-C aborts this signal; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new AnyqwenError("aborted", "interrupted"));
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  return controller.signal;
}
