// Conversations that `previous_response_id` can go on from: the latest ones, bounded in number and size, in memory only.

import type { ChatMessage } from "../api.ts";

const MOST_ENTRIES = 1024;
const MOST_CHARACTERS = 64 << 20;

export interface Kept {
  /** The whole conversation, with the answer. */
  readonly messages: readonly ChatMessage[];
  /** The items that this answer was asked with. */
  readonly input: readonly { readonly id: string }[];
  readonly answer: object;
}

export class ResponseStore {
  /** The oldest first. */
  readonly #entries = new Map<string, Kept & { readonly size: number }>();
  #characters = 0;

  keep(id: string, entry: Kept): void {
    const size = JSON.stringify(entry).length;
    this.#entries.set(id, { ...entry, size });
    this.#characters += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_ENTRIES && this.#characters <= MOST_CHARACTERS) break;
      this.delete(oldest);
    }
  }

  find(id: string): Kept | undefined {
    return this.#entries.get(id);
  }

  delete(id: string): void {
    this.#characters -= this.#entries.get(id)?.size ?? 0;
    this.#entries.delete(id);
  }
}
