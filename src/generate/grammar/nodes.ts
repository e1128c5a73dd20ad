// A grammar over symbols (bytes, and markup tokens beyond them) as a graph of nodes. Equal nodes are made once, so that a grammar
// stays small and positions in it can be compared by number.

import { AnyqwenError } from "../../core/errors.ts";

export type NodeId = number;
export type RuleId = number;

export type GrammarNode =
  | { readonly kind: "literal"; readonly symbols: readonly number[] }
  /** One byte of a set of 256 bits. */
  | { readonly kind: "set"; readonly bits: Uint32Array }
  | { readonly kind: "sequence"; readonly items: readonly NodeId[] }
  | { readonly kind: "choice"; readonly items: readonly NodeId[] }
  | { readonly kind: "repeat"; readonly body: NodeId; readonly least: number; readonly most: number }
  | { readonly kind: "rule"; readonly rule: RuleId }
  /** What is inside is computed once for all places where it occurs (masks.ts). */
  | { readonly kind: "shared"; readonly body: NodeId };

export interface Grammar {
  readonly nodes: readonly GrammarNode[];
  /** The body of each rule. */
  readonly rules: readonly NodeId[];
  readonly root: NodeId;
  /** Nodes that match any one plain character (vocabulary.ts), whatever else they match. */
  readonly plain: ReadonlySet<NodeId>;
}

/** No upper bound of a repetition. */
export const MANY = 0x7fffffff;
/** About 100 bytes each; a schema of a hundred kilobytes has some thousands. */
const MOST_NODES = 100_000;
const LONGEST_LITERAL = 1 << 20;
const MOST_ITEMS = 1 << 21;
const MOST_COUNT = 1 << 24;

export class GrammarBuilder {
  readonly #nodes: GrammarNode[] = [];
  readonly #known = new Map<string, NodeId>();
  readonly #rules: NodeId[] = [];
  readonly #plain = new Set<NodeId>();
  #literals = 0;
  #items = 0;

  /** Matches the empty text. */
  get empty(): NodeId {
    return this.sequence();
  }

  /** Matches nothing. */
  get never(): NodeId {
    return this.choice();
  }

  literal(symbols: ArrayLike<number>): NodeId {
    return symbols.length === 0 ? this.empty : this.#literal(Array.from(symbols));
  }

  text(text: string): NodeId {
    return this.literal(new TextEncoder().encode(text));
  }

  /** One of the bytes from..to of each pair. */
  set(ranges: Iterable<readonly [number, number]>): NodeId {
    const bits = new Uint32Array(8);
    for (const [from, to] of ranges) for (let byte = from; byte <= to; byte++) bits[byte >>> 5] |= 1 << (byte & 31);
    return this.#add(`s${bits.join()}`, () => ({ kind: "set", bits }));
  }

  sequence(...parts: readonly NodeId[]): NodeId {
    const items: NodeId[] = [];
    for (const part of parts) {
      const node = this.#nodes[part];
      const inner = node.kind === "sequence" ? node.items : [part];
      for (const item of inner) this.#append(items, item);
    }
    if (items.some((item) => this.#isNever(item))) return this.never;
    if (items.length === 1) return items[0];
    this.#count(items.length);
    return this.#add(`q${items.join()}`, () => ({ kind: "sequence", items }));
  }

  choice(...parts: readonly NodeId[]): NodeId {
    const items = new Set<NodeId>();
    for (const part of parts) {
      const node = this.#nodes[part];
      for (const item of node.kind === "choice" ? node.items : [part]) items.add(item);
    }
    const all = [...items];
    this.#count(all.length);
    return all.length === 1 ? all[0] : this.#add(`c${all.join()}`, () => ({ kind: "choice", items: all }));
  }

  optional(part: NodeId): NodeId {
    return this.repeat(part, 0, 1);
  }

  repeat(body: NodeId, least: number, most: number = MANY): NodeId {
    if (least > MOST_COUNT || (most > MOST_COUNT && most !== MANY)) {
      throw tooLarge(`it repeats something up to ${most === MANY ? least : most} times, more than ${MOST_COUNT}`);
    }
    if (least > most) return this.never;
    if (most === 0) return this.empty;
    if (this.#isNever(body)) return least === 0 ? this.empty : body;
    if (least === 1 && most === 1) return body;
    return this.#add(`r${body},${least},${most}`, () => ({ kind: "repeat", body, least, most }));
  }

  /** Items with something between them. */
  separated(item: NodeId, separator: NodeId, least: number, most: number = MANY): NodeId {
    if (most === 0) return least === 0 ? this.empty : this.never;
    const rest = this.repeat(this.sequence(separator, item), Math.max(0, least - 1), most === MANY ? MANY : most - 1);
    const some = this.sequence(item, rest);
    return least === 0 ? this.optional(some) : some;
  }

  shared(body: NodeId): NodeId {
    return this.#add(`h${body}`, () => ({ kind: "shared", body }));
  }

  /** Says that a node matches any one plain character, and that none of its further bytes is a set that it begins with: repetitions
   *  of it are cheap (masks.ts). */
  plain(node: NodeId): NodeId {
    this.#plain.add(node);
    return node;
  }

  isPlain(node: NodeId): boolean {
    return this.#plain.has(node);
  }

  /** A rule to be defined later; `rule` refers to it. */
  declare(): RuleId {
    this.#rules.push(-1);
    return this.#rules.length - 1;
  }

  define(rule: RuleId, body: NodeId): void {
    this.#rules[rule] = body;
  }

  rule(rule: RuleId): NodeId {
    return this.#add(`u${rule}`, () => ({ kind: "rule", rule }));
  }

  finish(root: NodeId): Grammar {
    return { nodes: this.#nodes, rules: this.#rules, root, plain: this.#plain };
  }

  #literal(symbols: readonly number[]): NodeId {
    return this.#add(`l${symbols.join()}`, () => {
      this.#literals += symbols.length;
      if (this.#literals > LONGEST_LITERAL) throw tooLarge(`its texts have more than ${LONGEST_LITERAL} bytes`);
      return { kind: "literal", symbols };
    });
  }

  /** Neighbouring literals become one: the fewest tokens of a text are fewer than those of its parts. */
  #append(items: NodeId[], item: NodeId): void {
    const last = items.at(-1);
    const before = last === undefined ? undefined : this.#nodes[last];
    const node = this.#nodes[item];
    if (before?.kind !== "literal" || node.kind !== "literal") items.push(item);
    else items[items.length - 1] = this.#literal([...before.symbols, ...node.symbols]);
  }

  #count(items: number): void {
    this.#items += items;
    if (this.#items > MOST_ITEMS) throw tooLarge(`its parts have more than ${MOST_ITEMS} items`);
  }

  #isNever(id: NodeId): boolean {
    const node = this.#nodes[id];
    return node.kind === "choice" && node.items.length === 0;
  }

  #add(key: string, make: () => GrammarNode): NodeId {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.length >= MOST_NODES) throw tooLarge(`it takes more than ${MOST_NODES} nodes`);
    this.#nodes.push(make());
    this.#known.set(key, this.#nodes.length - 1);
    return this.#nodes.length - 1;
  }
}

export function tooLarge(why: string): AnyqwenError {
  return new AnyqwenError("invalid-argument", `format: the grammar is too large: ${why}; make it simpler`);
}
