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
    if (last && isText(last) && isText(part) && last.type === part.type) {
      this.#parts[this.#parts.length - 1] = joined(last, part);
    } else this.#parts.push(part);
  }
}

const isText = (part: Part): part is TextPart => part.type === "text" || part.type === "reasoning";

function joined(a: TextPart, b: TextPart): TextPart {
  const ids = a.ids || b.ids ? [...(a.ids ?? []), ...(b.ids ?? [])] : undefined;
  const logprobs = a.logprobs || b.logprobs ? [...(a.logprobs ?? []), ...(b.logprobs ?? [])] : undefined;
  return { type: a.type, text: a.text + b.text, ...(ids && { ids }), ...(logprobs && { logprobs }) };
}
