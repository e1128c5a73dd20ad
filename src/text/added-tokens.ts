// Finding added tokens (<|im_end|>, <tool_call>, …) in a text: the leftmost match, the longest among those, by a trie.

import type { AddedToken } from "./definition.ts";

interface Node {
  token?: AddedToken;
  readonly next: Map<number, Node>;
}

export class AddedTokenFinder {
  readonly #root: Node = { next: new Map() };
  /** Qwen's all begin with "<", which lets the engine's own string search skip ahead. */
  readonly #onlyFirst: string | undefined;
  /** Where the last match begins. */
  start = 0;

  constructor(tokens: readonly AddedToken[]) {
    for (const token of tokens) {
      if (token.content === "") continue;
      let node = this.#root;
      for (let i = 0; i < token.content.length; i++) {
        const unit = token.content.charCodeAt(i);
        let child = node.next.get(unit);
        if (!child) {
          child = { next: new Map() };
          node.next.set(unit, child);
        }
        node = child;
      }
      node.token ??= token;
    }
    const firsts = [...this.#root.next.keys()];
    if (firsts.length === 1) this.#onlyFirst = String.fromCharCode(firsts[0]);
  }

  /** The next added token at or after `from`; `start` tells where. */
  find(text: string, from: number): AddedToken | undefined {
    if (this.#root.next.size === 0) return undefined;
    for (let at = from; at < text.length; at++) {
      if (this.#onlyFirst !== undefined) {
        at = text.indexOf(this.#onlyFirst, at);
        if (at < 0) return undefined;
      }
      const token = this.#longestAt(text, at);
      if (token) {
        this.start = at;
        return token;
      }
    }
    return undefined;
  }

  #longestAt(text: string, start: number): AddedToken | undefined {
    let node: Node | undefined = this.#root;
    let longest: AddedToken | undefined;
    for (let i = start; i < text.length; i++) {
      node = node.next.get(text.charCodeAt(i));
      if (!node) break;
      if (node.token) longest = node.token;
    }
    return longest;
  }
}
