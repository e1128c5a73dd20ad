// Parts on their way to a caller. A message costs tens of microseconds, so parts that come faster than one can read wait for each
// other a little, and neighbours of one kind become one part.

import { isEnd } from "./messages.ts";
import type { Part, TextPart } from "./types.ts";

const INTERVAL_MS = 10;

export class Outbox {
  readonly #send: (parts: Part[]) => void;
  #parts: Part[] = [];
  #sentAt = 0;

  constructor(send: (parts: Part[]) => void) {
    this.#send = send;
  }

  push(parts: readonly Part[]): void {
    for (const part of parts) this.#add(part);
    const now = performance.now();
    if (now - this.#sentAt < INTERVAL_MS && !parts.some(isEnd)) return;
    this.#sentAt = now;
    const out = this.#parts;
    this.#parts = [];
    this.#send(out);
  }

  #add(part: Part): void {
    const last = this.#parts.at(-1);
    const both = last && joined(last, part);
    if (both) this.#parts[this.#parts.length - 1] = both;
    else this.#parts.push(part);
  }
}

/** One part in place of two, if they are of one kind. */
function joined(a: Part, b: Part): Part | undefined {
  if (isText(a) && isText(b) && a.type === b.type) return joinedText(a, b);
  if (a.type === "tool-call-delta" && b.type === "tool-call-delta" && a.id === b.id)
    return { ...a, arguments: a.arguments + b.arguments };
  return undefined;
}

const isText = (part: Part): part is TextPart => part.type === "text" || part.type === "reasoning";

function joinedText(a: TextPart, b: TextPart): TextPart {
  const ids = a.ids || b.ids ? [...(a.ids ?? []), ...(b.ids ?? [])] : undefined;
  const logprobs = a.logprobs || b.logprobs ? [...(a.logprobs ?? []), ...(b.logprobs ?? [])] : undefined;
  return { type: a.type, text: a.text + b.text, ...(ids && { ids }), ...(logprobs && { logprobs }) };
}
