// The tokenizer: added tokens are cut out of the text, the rest is normalised, split into words and encoded word by word.
// The inner loop works on UTF-8 bytes and typed arrays only; nothing is allocated per word.

import { AnyqwenError } from "../core/errors.ts";
import { AddedTokenFinder } from "./added-tokens.ts";
import { Bpe } from "./bpe.ts";
import { spelledBytes } from "./byte-level.ts";
import { type AddedToken, isTokenId, type TokenizerDefinition } from "./definition.ts";
import { ByteBuffer, decodeBytes, TokenStream } from "./detokenise.ts";
import { Junctions } from "./junctions.ts";
import { type Merges, MergeTable } from "./merges.ts";
import { OrderedMerges } from "./ordered-merges.ts";
import { pieceEnd } from "./pretokenise.ts";
import { type KindTable, kindTable } from "./unicode.ts";
import { Vocabulary } from "./vocabulary.ts";
import { longestKey, mostIds, WordCache } from "./word-cache.ts";

/** Which added tokens are recognised in a text: all, those not marked special, or none (text from strangers). */
export type SpecialMode = "all" | "nonspecial" | "none";

const scratchUnits = 1 << 15;
const mostCached = 1 << 16;
const leastCached = 1 << 10;
/** Ids; a buffer that one long text made larger is not kept. */
const mostKept = 1 << 20;
const longestAdded = 512;
const answerTags = new Set(["<think>", "</think>", "<tool_call>", "</tool_call>"]);
/** Bytes; shorter pieces of non-Latin text are not worth cutting. */
const shortPiece = 9;

export class Tokenizer {
  readonly name: string;
  /** Ids are below this. A model's embedding may have more rows (padding). */
  readonly vocabSize: number;
  /** Ids marked special, ascending. */
  readonly specialIds: readonly number[];
  readonly addedTokens: readonly AddedToken[];

  readonly #vocabulary: Vocabulary;
  readonly #added = new Map<number, { token: AddedToken; bytes: Uint8Array }>();
  readonly #addedIds = new Map<string, number>();
  readonly #finders: { readonly all: AddedTokenFinder; readonly nonspecial: AddedTokenFinder };
  readonly #nfc: boolean;
  readonly #kinds: KindTable;
  readonly #merges: Merges;
  readonly #bpe: Bpe;
  #junctions: Junctions | undefined;
  readonly #cache: WordCache;
  readonly #utf8 = new TextEncoder();
  readonly #scratch = new Uint8Array(scratchUnits * 3);
  #out = new Int32Array(4096);
  #count = 0;

  constructor(definition: TokenizerDefinition) {
    this.name = definition.name;
    for (const token of definition.added) checkAdded(definition.name, token);
    this.addedTokens = definition.added;
    this.vocabSize = definition.added.reduce(
      (size, token) => Math.max(size, token.id + 1),
      definition.tokens.starts.length,
    );
    this.specialIds = definition.added
      .filter((token) => token.special)
      .map((token) => token.id)
      .sort((a, b) => a - b);
    for (const token of definition.added) {
      this.#added.set(token.id, { token, bytes: this.#utf8.encode(token.content) });
      this.#addedIds.set(token.content, token.id);
    }
    this.#finders = {
      all: new AddedTokenFinder(definition.added),
      nonspecial: new AddedTokenFinder(definition.added.filter((token) => !token.special)),
    };
    this.#nfc = definition.nfc;
    this.#kinds = kindTable(definition.pretokeniser === "qwen35");
    this.#vocabulary = new Vocabulary(definition.tokens);
    const { merges, name } = definition;
    this.#merges =
      OrderedMerges.of(merges, this.#vocabulary, name) ?? new MergeTable(merges.packed(), this.#vocabulary, name);
    this.#bpe = new Bpe(this.#merges);
    let entries = leastCached;
    while (entries < mostCached && entries < this.vocabSize) entries *= 2;
    this.#cache = new WordCache(entries);
  }

  /** In the places `shielded` (start, end, start, end, … in ascending order) nothing is recognised as an added token. */
  encode(text: string, special: SpecialMode = "all", shielded: readonly number[] = []): Int32Array {
    this.#count = 0;
    const finder = special === "none" ? undefined : this.#finders[special];
    let from = 0;
    let search = 0;
    let shield = 0;
    for (let token = finder?.find(text, 0); finder && token; token = finder.find(text, search)) {
      while (shield < shielded.length && shielded[shield + 1] <= finder.start) shield += 2;
      if (shielded[shield] < finder.start + token.content.length) {
        search = finder.start + 1;
        continue;
      }
      if (finder.start > from) this.#encodeText(text.slice(from, finder.start));
      this.#reserve(1);
      this.#out[this.#count++] = token.id;
      from = finder.start + token.content.length;
      search = from;
    }
    if (from < text.length) this.#encodeText(from === 0 ? text : text.slice(from));
    const ids = this.#out.slice(0, this.#count);
    if (this.#out.length > mostKept) this.#out = new Int32Array(4096);
    return ids;
  }

  /** Text of ids; ids without a token have none. Bytes that form no character become U+FFFD. */
  decode(ids: Iterable<number>, options: { skipSpecial?: boolean } = {}): string {
    const buffer = new ByteBuffer();
    for (const id of ids) this.#append(id, buffer, options.skipSpecial === true);
    return decodeBytes(buffer);
  }

  /** Ids to text as they come, never a part of a character. The tags that an answer is parsed by are not skipped, even where a
   *  tokenizer marks them special. */
  stream(options: { skipSpecial?: boolean } = {}): TokenStream {
    const skips = (id: number) =>
      options.skipSpecial === true && !answerTags.has(this.#added.get(id)?.token.content ?? "");
    return new TokenStream((id, buffer) => this.#append(id, buffer, skips(id)));
  }

  /** Id of an added token's text or of a vocabulary spelling ("Ġthe"). */
  idOf(token: string): number | undefined {
    const added = this.#addedIds.get(token);
    if (added !== undefined) return added;
    const id = this.#vocabulary.find(token);
    return id < 0 ? undefined : id;
  }

  /** An id's spelling in the vocabulary, or its text if it is an added token. */
  tokenOf(id: number): string | undefined {
    return this.#added.get(id)?.token.content ?? this.#vocabulary.spelling(id);
  }

  /** The bytes an id stands for; none for ids without a token. */
  bytesOf(id: number): Uint8Array {
    const buffer = new ByteBuffer();
    this.#append(id, buffer, false);
    return buffer.bytes.slice(0, buffer.length);
  }

  isSpecial(id: number): boolean {
    return this.#added.get(id)?.token.special === true;
  }

  #append(id: number, buffer: ByteBuffer, skipSpecial: boolean): void {
    const added = this.#added.get(id);
    if (added) {
      if (!(skipSpecial && added.token.special)) buffer.append(added.bytes);
      return;
    }
    const spelling = this.#vocabulary.spelling(id);
    if (spelling !== undefined) buffer.append(spelledBytes(spelling));
  }

  #encodeText(text: string): void {
    const normal = this.#nfc ? text.normalize("NFC") : text;
    if (normal.length <= scratchUnits) {
      this.#encodeBytes(this.#scratch, this.#utf8.encodeInto(normal, this.#scratch).written);
    } else {
      const bytes = this.#utf8.encode(normal);
      this.#encodeBytes(bytes, bytes.length);
    }
  }

  #encodeBytes(bytes: Uint8Array, length: number): void {
    const kinds = this.#kinds;
    for (let start = 0; start < length; ) {
      const end = pieceEnd(bytes, start, length, kinds);
      if (end - start > shortPiece && bytes[end - 1] >= 0x80) {
        this.#junctions ??= new Junctions(this.#merges, this.#vocabulary);
        while (start < end) {
          const cut = this.#junctions.firstCut(bytes, start, end);
          this.#encodePiece(bytes, start, cut);
          start = cut;
        }
      } else {
        this.#encodePiece(bytes, start, end);
        start = end;
      }
    }
  }

  #encodePiece(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.#reserve(size);
    const from = this.#count;
    if (size > longestKey) {
      this.#count = this.#bpe.encode(bytes, start, end, this.#out, from);
      return;
    }
    let hash = size;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    hash ^= hash >>> 15;
    this.#count = this.#cache.copy(hash, bytes, start, end, this.#out, from);
    if (this.#count >= 0) return;
    this.#count = this.#bpe.encode(bytes, start, end, this.#out, from);
    if (this.#count - from <= mostIds) this.#cache.store(hash, bytes, start, end, this.#out, from, this.#count);
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#out.length) return;
    const larger = new Int32Array(Math.max(this.#out.length * 2, needed));
    larger.set(this.#out.subarray(0, this.#count));
    this.#out = larger;
  }
}

export function createTokenizer(definition: TokenizerDefinition): Tokenizer {
  return new Tokenizer(definition);
}

function checkAdded(name: string, token: AddedToken): void {
  const { id, content } = token;
  if (!isTokenId(id))
    throw new AnyqwenError(
      "format",
      `${name}: added token ${JSON.stringify(content.slice(0, 60))} has the impossible id ${id}`,
    );
  if (content.length > longestAdded)
    throw new AnyqwenError(
      "format",
      `${name}: added token ${id} is ${content.length} characters long (at most ${longestAdded})`,
    );
}
