// What is still to be matched, as stacks of nodes, the next one on top; a node carries where in it one stands or how often it may
// still be repeated. Taking a byte from the top gives the partial derivatives of the grammar (Antimirov, 1996) with continuations,
// so no automaton is built beforehand and counts cost nothing. Stacks share their lower parts and are made once.

import type { Analysis } from "./analysis.ts";
import { type Grammar, type GrammarNode, MANY, type NodeId } from "./nodes.ts";
import { has } from "./symbol-classes.ts";

export type StackId = number;

/** The stack at whose end there is nothing left to match. */
export const BOTTOM: StackId = 0;
/** Node of an entry that marks where a shared node ends. */
const RETURN: NodeId = -1;
const UNKNOWN = -1;

/** Bytes that plain characters begin with. */
const startsPlain = (symbol: number) =>
  (symbol >= 0x20 && symbol < 0x80 && symbol !== 0x22 && symbol !== 0x5c) || (symbol >= 0xc2 && symbol <= 0xf4);
const PLAIN_STARTS = Array.from({ length: 256 }, (_, byte) => byte).filter(startsPlain);

export class Stacks {
  readonly #nodes: readonly GrammarNode[];
  readonly #rules: readonly NodeId[];
  readonly #analysis: Analysis;
  /** Counts above this are the same to any one token. */
  readonly #clamp: number;
  readonly #plain: ReadonlySet<NodeId>;
  readonly #known = new Map<string, StackId>();
  readonly #node: NodeId[] = [RETURN];
  /** Where in a literal or sequence; how often a repetition must go on. */
  readonly #x: number[] = [0];
  /** How often a repetition may go on. */
  readonly #y: number[] = [0];
  readonly #below: StackId[] = [BOTTOM];
  readonly #need: number[] = [0];
  readonly #inner: StackId[] = [BOTTOM];
  /** Of stacks inside a repetition of plain characters, before one of these: the stack that begins with the repetition. */
  readonly #loops = new Map<StackId, StackId>();

  constructor(grammar: Grammar, analysis: Analysis, longestToken: number) {
    this.#nodes = grammar.nodes;
    this.#rules = grammar.rules;
    this.#analysis = analysis;
    this.#clamp = longestToken + 1;
    this.#plain = grammar.plain;
  }

  get size(): number {
    return this.#node.length;
  }

  /** Fewest tokens that match all of it. */
  need(stack: StackId): number {
    return this.#need[stack];
  }

  push(node: NodeId, below: StackId): StackId {
    const grammarNode = this.#nodes[node];
    if (grammarNode.kind !== "repeat") return this.#intern(node, 0, 0, below);
    const { body, least, most } = grammarNode;
    return this.#intern(node, this.#analysis.nullable[body] ? 0 : least, most, below);
  }

  /** Adds the stacks that begin with a literal or a set, for whatever `stack` may go on with; true if it may end here. */
  expand(stack: StackId, into: Set<StackId>): boolean {
    for (let at = stack; ; at = this.#below[at]) {
      if (at === BOTTOM) return true;
      if (this.#node[at] === RETURN) continue;
      this.#first(this.#node[at], this.#x[at], this.#y[at], this.#below[at], into);
      if (!this.#mayBeEmpty(at)) return false;
    }
  }

  /** Adds what is left after `symbol`, of a stack that begins with a literal or a set; true if it may end there. */
  take(stack: StackId, symbol: number, into: Set<StackId>): boolean {
    const node = this.#nodes[this.#node[stack]];
    const below = this.#below[stack];
    if (node.kind === "literal") {
      const at = this.#x[stack];
      if (node.symbols[at] !== symbol) return false;
      if (at + 1 === node.symbols.length) return this.expand(below, into);
      into.add(this.#intern(this.#node[stack], at + 1, 0, below));
      return false;
    }
    if (node.kind !== "set" || !has(node.bits, symbol)) return false;
    return this.expand(below, into);
  }

  /** The part above the nearest end of a shared node, on a bottom of its own, with counts no larger than one token can tell. */
  inner(stack: StackId): StackId {
    const known = this.#inner[stack];
    if (known !== UNKNOWN) return known;
    const path: StackId[] = [];
    let at = stack;
    for (; this.#inner[at] === UNKNOWN && this.#node[at] !== RETURN; at = this.#below[at]) path.push(at);
    let inner = this.#node[at] === RETURN ? BOTTOM : this.#inner[at];
    for (const entry of path.reverse()) {
      const [x, y] = [this.#x[entry], this.#y[entry]];
      const clamps = this.#nodes[this.#node[entry]].kind === "repeat";
      inner = this.#intern(
        this.#node[entry],
        clamps ? Math.min(x, this.#clamp) : x,
        clamps && y > this.#clamp ? MANY : y,
        inner,
      );
      this.#inner[entry] = inner;
    }
    return inner;
  }

  /** What lies below that part. */
  outer(stack: StackId): StackId {
    let at = stack;
    while (this.#node[at] !== RETURN) at = this.#below[at];
    return at === BOTTOM ? BOTTOM : this.#below[at];
  }

  /** The repetition of plain characters that a stack stands at the head of. */
  loop(stack: StackId): StackId | undefined {
    return this.#loops.get(stack);
  }

  /** How often a repetition may go on. */
  most(loop: StackId): number {
    return this.#y[loop];
  }

  /** Whether what comes behind a repetition is never mistaken for more of it: it cannot end there, or go on with a plain character. */
  isClosed(loop: StackId): boolean {
    const after = new Set<StackId>();
    return !this.expand(this.#below[loop], after) && ![...after].some((stack) => this.takesPlain(stack));
  }

  /** Whether a stack, which begins with a literal or a set, can go on with a plain character. */
  takesPlain(stack: StackId): boolean {
    const node = this.#nodes[this.#node[stack]];
    if (node.kind === "literal") return startsPlain(node.symbols[this.#x[stack]]);
    return node.kind === "set" && PLAIN_STARTS.some((byte) => has(node.bits, byte));
  }

  /** A stack of another collection for the same grammar. */
  adopt(from: Stacks, stack: StackId): StackId {
    const path: StackId[] = [];
    for (let at = stack; at !== BOTTOM; at = from.#below[at]) path.push(at);
    let own = BOTTOM;
    for (const at of path.reverse()) own = this.#intern(from.#node[at], from.#x[at], from.#y[at], own);
    return own;
  }

  #first(id: NodeId, x: number, y: number, below: StackId, into: Set<StackId>): void {
    const { need, nullable } = this.#analysis;
    if (need[id] === Infinity) return;
    const node = this.#nodes[id];
    switch (node.kind) {
      case "literal":
      case "set":
        into.add(this.#intern(id, x, 0, below));
        return;
      case "sequence":
        for (let i = x; i < node.items.length; i++) {
          this.#enter(node.items[i], this.#rest(id, node.items, i + 1, below), into);
          if (!nullable[node.items[i]]) return;
        }
        return;
      case "choice":
        for (const item of node.items) this.#enter(item, below, into);
        return;
      case "repeat":
        if (y > 1 && this.#plain.has(node.body)) this.#enterLoop(id, node.body, x, y, below, into);
        else if (y > 0) this.#enter(node.body, this.#again(id, x, y, below), into);
        return;
      case "rule":
        this.#enter(this.#rules[node.rule], below, into);
        return;
      case "shared":
        this.#enter(node.body, this.#intern(RETURN, 0, 0, below), into);
    }
  }

  #enter(id: NodeId, below: StackId, into: Set<StackId>): void {
    const node = this.#nodes[id];
    if (node.kind !== "repeat") this.#first(id, 0, 0, below, into);
    else this.#first(id, this.#analysis.nullable[node.body] ? 0 : node.least, node.most, below, into);
  }

  #enterLoop(id: NodeId, body: NodeId, x: number, y: number, below: StackId, into: Set<StackId>): void {
    const loop = this.#intern(id, x, y, below);
    const heads = new Set<StackId>();
    this.#enter(body, this.#again(id, x, y, below), heads);
    for (const head of heads) {
      this.#loops.set(head, loop);
      into.add(head);
    }
  }

  #rest(id: NodeId, items: readonly NodeId[], from: number, below: StackId): StackId {
    if (from === items.length) return below;
    if (from + 1 === items.length) return this.push(items[from], below);
    return this.#intern(id, from, 0, below);
  }

  #again(id: NodeId, least: number, most: number, below: StackId): StackId {
    if (most === 1) return below;
    return this.#intern(id, Math.max(0, least - 1), most === MANY ? MANY : most - 1, below);
  }

  #mayBeEmpty(stack: StackId): boolean {
    const id = this.#node[stack];
    const node = this.#nodes[id];
    if (node.kind === "sequence") return this.#x[stack] >= this.#analysis.nullableFrom[id];
    if (node.kind === "repeat") return this.#x[stack] === 0;
    return this.#analysis.nullable[id] === 1;
  }

  #intern(node: NodeId, x: number, y: number, below: StackId): StackId {
    const key = `${node},${x},${y},${below}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const stack = this.#node.length;
    this.#known.set(key, stack);
    this.#node.push(node);
    this.#x.push(x);
    this.#y.push(y);
    this.#below.push(below);
    this.#need.push(this.#needOf(node, x) + this.#need[below]);
    this.#inner.push(UNKNOWN);
    return stack;
  }

  #needOf(id: NodeId, x: number): number {
    if (id === RETURN) return 0;
    const node = this.#nodes[id];
    if (node.kind === "repeat") return x === 0 ? 0 : x * this.#analysis.need[node.body];
    return this.#analysis.needFrom[id]?.[x] ?? this.#analysis.need[id];
  }
}
