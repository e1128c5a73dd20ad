// The one error type that users meet. A message says what was found, where, and what to do about it.

export type ErrorCode =
  | "aborted" // the caller's AbortSignal fired
  | "busy" // as many requests are under way as were allowed
  | "context-overflow" // more positions than the session or the model has
  | "format" // a file, request or template that is not what it should be
  | "internal" // a broken promise of ours
  | "invalid-argument"
  | "io" // the file system or a stream failed
  | "network"
  | "not-found"
  | "out-of-memory" // said before loading where it can be known
  | "template" // a chat template refused the conversation, or never ended
  | "unsupported"; // valid, but not something this build can do

export class AnyqwenError extends Error {
  override readonly name = "AnyqwenError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Throws what an aborted signal stands for, as an AnyqwenError. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AnyqwenError("aborted", "aborted by the caller", { cause: signal.reason });
}
