// What can be said of a grammar's nodes beforehand: which match the empty text, how many tokens each needs at least, and whether a
// rule begins with itself, which a top-down parser cannot follow.

import { AnyqwenError } from "../../core/errors.ts";
import type { Grammar, GrammarNode, NodeId } from "./nodes.ts";
import { has } from "./symbol-classes.ts";
import type { GrammarVocabulary } from "./vocabulary.ts";

export interface Analysis {
  readonly nullable: Uint8Array;
  /** Fewest tokens; Infinity where nothing matches. */
  readonly need: Float64Array;
  /** The same for each suffix of literals and sequences. */
  readonly needFrom: readonly (Float64Array | undefined)[];
  /** From which item on all of a sequence may be empty. */
  readonly nullableFrom: Int32Array;
}

/** Nesting of rules and nodes before anything is matched. */
const MOST_DEPTH = 500;

export function analyse({ nodes, rules, root }: Grammar, vocabulary: GrammarVocabulary): Analysis {
  const users = usersOf(nodes, rules);
  const nullable = new Uint8Array(nodes.length);
  settle(nodes, users, (id) => {
    const before = nullable[id];
    nullable[id] = matchesEmpty(nodes[id], rules, nullable) ? 1 : 0;
    return nullable[id] !== before;
  });
  refuseLeftRecursion(nodes, rules, nullable, root);

  const needFrom = nodes.map((node) => {
    if (node.kind === "literal") return vocabulary.fewestTokens(node.symbols);
    if (node.kind === "sequence") return new Float64Array(node.items.length + 1).fill(Infinity);
    return undefined;
  });
  const oneByte = byteTokens(vocabulary);
  const need = new Float64Array(nodes.length).fill(Infinity);
  settle(nodes, users, (id) => {
    const before = need[id];
    need[id] = fewest(nodes[id], { rules, nullable, need, from: needFrom[id], oneByte });
    return need[id] < before;
  });
  return { nullable, need, needFrom, nullableFrom: Int32Array.from(nodes, (node) => emptyFrom(node, nullable)) };
}

function childrenOf(node: GrammarNode, rules: readonly NodeId[]): readonly NodeId[] {
  switch (node.kind) {
    case "literal":
    case "set":
      return [];
    case "rule":
      return [rules[node.rule]];
    case "repeat":
    case "shared":
      return [node.body];
    default:
      return node.items;
  }
}

function usersOf(nodes: readonly GrammarNode[], rules: readonly NodeId[]): NodeId[][] {
  const users: NodeId[][] = nodes.map(() => []);
  nodes.forEach((node, id) => {
    for (const child of new Set(childrenOf(node, rules))) users[child].push(id);
  });
  return users;
}

/** Calls `update` until nothing changes: for all nodes once, then for the users of whatever changed. */
function settle(nodes: readonly GrammarNode[], users: readonly NodeId[][], update: (id: NodeId) => boolean): void {
  let queue = nodes.map((_, id) => id);
  while (queue.length > 0) {
    const next = new Set<NodeId>();
    for (const id of queue) if (update(id)) for (const user of users[id]) next.add(user);
    queue = [...next];
  }
}

function matchesEmpty(node: GrammarNode, rules: readonly NodeId[], nullable: Uint8Array): boolean {
  switch (node.kind) {
    case "literal":
    case "set":
      return false;
    case "sequence":
      return node.items.every((item) => nullable[item]);
    case "choice":
      return node.items.some((item) => nullable[item]);
    case "repeat":
      return node.least === 0 || nullable[node.body] === 1;
    case "rule":
      return nullable[rules[node.rule]] === 1;
    case "shared":
      return nullable[node.body] === 1;
  }
}

function emptyFrom(node: GrammarNode, nullable: Uint8Array): number {
  if (node.kind !== "sequence") return 0;
  let from = node.items.length;
  while (from > 0 && nullable[node.items[from - 1]]) from--;
  return from;
}

interface Facts {
  readonly rules: readonly NodeId[];
  readonly nullable: Uint8Array;
  readonly need: Float64Array;
  readonly from: Float64Array | undefined;
  readonly oneByte: readonly number[];
}

function fewest(node: GrammarNode, { rules, nullable, need, from, oneByte }: Facts): number {
  switch (node.kind) {
    case "literal":
      return from?.[0] ?? Infinity;
    case "set":
      return oneByte.some((byte) => has(node.bits, byte)) ? 1 : Infinity;
    case "sequence": {
      if (!from) return Infinity;
      from[node.items.length] = 0;
      for (let i = node.items.length - 1; i >= 0; i--) from[i] = need[node.items[i]] + from[i + 1];
      return from[0];
    }
    case "choice":
      return node.items.reduce((least, item) => Math.min(least, need[item]), Infinity);
    case "repeat":
      return node.least === 0 || nullable[node.body] ? 0 : node.least * need[node.body];
    case "rule":
      return need[rules[node.rule]];
    case "shared":
      return need[node.body];
  }
}

/** Bytes that are tokens by themselves. */
function byteTokens(vocabulary: GrammarVocabulary): number[] {
  return Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => {
    const node = vocabulary.all.child(0, byte);
    return node >= 0 && vocabulary.all.token[node] >= 0;
  });
}

function refuseLeftRecursion(
  nodes: readonly GrammarNode[],
  rules: readonly NodeId[],
  nullable: Uint8Array,
  root: NodeId,
): void {
  /** Height of what a node begins with; 0 is under way. */
  const heights = new Map<NodeId, number>();
  const visit = (id: NodeId, depth: number): number => {
    const known = heights.get(id);
    if (known === 0) throw leftRecursive();
    if (known !== undefined) return known;
    if (depth > MOST_DEPTH) throw tooDeep();
    heights.set(id, 0);
    let height = 0;
    for (const child of beginsWith(nodes[id], rules, nullable)) height = Math.max(height, visit(child, depth + 1));
    heights.set(id, height + 1);
    return height + 1;
  };
  // Bottom-up as far as it goes, so that long chains do not nest.
  for (let id = 0; id < nodes.length; id++) if (visit(id, 0) > MOST_DEPTH) throw tooDeep();
  visit(root, 0);
}

function beginsWith(node: GrammarNode, rules: readonly NodeId[], nullable: Uint8Array): readonly NodeId[] {
  if (node.kind !== "sequence") return childrenOf(node, rules);
  const first = node.items.findIndex((item) => !nullable[item]);
  return first < 0 ? node.items : node.items.slice(0, first + 1);
}

function leftRecursive(): AnyqwenError {
  return new AnyqwenError(
    "invalid-argument",
    'format: a rule begins with itself (left recursion); write "a ::= b (c b)*" for "a ::= a c b | b"',
  );
}

function tooDeep(): AnyqwenError {
  return new AnyqwenError("invalid-argument", `format: its rules nest more than ${MOST_DEPTH} deep; make it simpler`);
}
