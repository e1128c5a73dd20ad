// Conversations that `previous_response_id` can go on from: the latest ones, bounded in number and size, in memory only.

import type { ChatMessage } from "../api.ts";

const MOST_ENTRIES = 1024;
const MOST_CHARACTERS = 64 << 20;

export class ResponseStore {
  /** The oldest first. */
  readonly #entries = new Map<
    string,
    { readonly messages: readonly ChatMessage[]; readonly size: number; readonly answer: object }
  >();
  #characters = 0;

  keep(id: string, messages: readonly ChatMessage[], answer: object): void {
    const size = JSON.stringify(messages).length + JSON.stringify(answer).length;
    this.#entries.set(id, { messages, size, answer });
    this.#characters += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_ENTRIES && this.#characters <= MOST_CHARACTERS) break;
      this.delete(oldest);
    }
  }

  messages(id: string): readonly ChatMessage[] | undefined {
    return this.#entries.get(id)?.messages;
  }

  answer(id: string): object | undefined {
    return this.#entries.get(id)?.answer;
  }

  delete(id: string): boolean {
    this.#characters -= this.#entries.get(id)?.size ?? 0;
    return this.#entries.delete(id);
  }
}
