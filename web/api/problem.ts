// What went wrong, in words for whoever reads the page, and what can be done about it.

export interface Problem {
  readonly kind: "unreachable" | "busy" | "key" | "too-long" | "late" | "broken" | "refused" | "failed";
  readonly title: string;
  readonly text: string;
}

/** An answer of the server that is no success, or an error event of a stream. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  constructor(
    readonly status: number,
    message: string,
    readonly code?: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** The stream ended before the answer did. */
export class BrokenStream extends Error {
  override readonly name = "BrokenStream";
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ServerError) return serverProblem(error);
  if (error instanceof BrokenStream)
    return {
      kind: "broken",
      title: "The connection broke off",
      text: "The server may have been stopped. What was said so far is kept.",
    };
  // what fetch throws when nobody listens; its words differ from browser to browser
  if (error instanceof TypeError)
    return {
      kind: "unreachable",
      title: "The server does not answer",
      text: "It may have been stopped. Start it again (anyqwen serve), then try again.",
    };
  return { kind: "failed", title: "Something failed", text: error instanceof Error ? error.message : String(error) };
}

function serverProblem({ status, message, code, retryAfter }: ServerError): Problem {
  if (status === 401) {
    const title = code === "invalid_api_key" ? "The API key is not right" : "This server wants an API key";
    return { kind: "key", title, text: "Enter the key that the server was started with in the settings." };
  }
  if (status === 429) {
    const wait = retryAfter === undefined ? "in a moment" : `in ${retryAfter} seconds`;
    return { kind: "busy", title: "The server is busy", text: `Others are being answered. Try again ${wait}.` };
  }
  if (code === "context_length_exceeded")
    return {
      kind: "too-long",
      title: "This conversation is too long for the model",
      text: `${sentence(message)} Edit an earlier message, or start a new conversation.`,
    };
  if (status === 408)
    return { kind: "late", title: "The answer took too long", text: `The server gave it up: ${sentence(message)}` };
  if (code === "loading")
    return { kind: "busy", title: "Another model is being loaded", text: "Try again when it is there." };
  if (status === 503) return { kind: "busy", title: "The server has no room", text: sentence(message) };
  if (status >= 400 && status < 500)
    return { kind: "refused", title: "The server refused this", text: sentence(message) };
  return { kind: "failed", title: "The server failed", text: sentence(message) };
}

function sentence(text: string): string {
  const words = text.trim();
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
