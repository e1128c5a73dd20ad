// Sets of strings as deterministic automata over characters, for what a grammar cannot say by itself: both of two patterns, a pattern
// of a certain length, any key but these.

import { AnyqwenError } from "../../core/errors.ts";
import { ANY, type CodePoints, complement, contains, difference, intersection, union } from "./code-points.ts";
import { type GrammarBuilder, MANY, type NodeId } from "./nodes.ts";
import type { Encode } from "./pattern-nodes.ts";
import type { Pattern } from "./regex.ts";

interface Step {
  readonly set: CodePoints;
  readonly to: number;
}

/** State 0 is the first; what no step takes is refused. */
export interface StringSet {
  readonly steps: readonly (readonly Step[])[];
  readonly accepts: readonly boolean[];
}

const MOST_STATES = 3_000;
const MOST_STEPS = 100_000;

export function stringSet(pattern: Pattern): StringSet {
  const machine = new Machine();
  const end = machine.build(pattern, 0);
  return machine.determine(end);
}

/** Strings of `least` to `most` characters. */
export function ofLength(least: number, most: number): StringSet {
  const last = most === MANY ? least : most;
  if (last >= MOST_STATES) throw tooMany();
  const counts = Array.from({ length: last + 1 }, (_, i) => i);
  return {
    steps: counts.map((i) => (i < last ? [{ set: ANY, to: i + 1 }] : most === MANY ? [{ set: ANY, to: i }] : [])),
    accepts: counts.map((i) => i >= least),
  };
}

export function both(a: StringSet, b: StringSet): StringSet {
  const numbers = new Map<string, number>();
  const pairs: [number, number][] = [];
  const number = (i: number, j: number): number => {
    const key = `${i},${j}`;
    let own = numbers.get(key);
    if (own === undefined) {
      if (pairs.length >= MOST_STATES) throw tooMany();
      own = pairs.length;
      numbers.set(key, own);
      pairs.push([i, j]);
    }
    return own;
  };
  number(0, 0);
  const steps: Step[][] = [];
  let count = 0;
  for (let at = 0; at < pairs.length; at++) {
    const [i, j] = pairs[at];
    const own: Step[] = [];
    for (const left of a.steps[i]) {
      for (const right of b.steps[j]) {
        const set = intersection(left.set, right.set);
        if (set.length > 0) own.push({ set, to: number(left.to, right.to) });
        if (++count > MOST_STEPS) throw tooMany();
      }
    }
    steps.push(own);
  }
  return { steps, accepts: pairs.map(([i, j]) => a.accepts[i] && b.accepts[j]) };
}

/** All strings that are not in the set. */
export function none(of: StringSet): StringSet {
  const sink = of.steps.length;
  const steps = of.steps.map((own) => {
    const rest = complement(union(...own.map(({ set }) => set)));
    return rest.length > 0 ? [...own, { set: rest, to: sink }] : own;
  });
  return { steps: [...steps, [{ set: ANY, to: sink }]], accepts: [...of.accepts.map((accepts) => !accepts), true] };
}

/** The strings of the set, as rules of a grammar: one for each state. */
export function setNode(grammar: GrammarBuilder, { steps, accepts }: StringSet, encode: Encode): NodeId {
  const live = liveStates(steps, accepts);
  if (!live.has(0)) return grammar.never;
  const rules = steps.map((_, state) => (live.has(state) ? grammar.declare() : -1));
  for (const state of live) {
    const targets = new Map<number, CodePoints>();
    for (const { set, to } of steps[state]) if (live.has(to)) targets.set(to, union(targets.get(to) ?? [], set));
    const own = targets.get(state);
    targets.delete(state);
    const after = [...targets].map(([to, set]) => grammar.sequence(encode(set), grammar.rule(rules[to])));
    const body = grammar.choice(...after, ...(accepts[state] ? [grammar.empty] : []));
    grammar.define(rules[state], own ? grammar.sequence(grammar.repeat(encode(own), 0), body) : body);
  }
  return grammar.rule(rules[0]);
}

/** States that lead to an end. */
function liveStates(steps: StringSet["steps"], accepts: readonly boolean[]): ReadonlySet<number> {
  const into: number[][] = steps.map(() => []);
  steps.forEach((own, from) => {
    for (const { to } of own) into[to].push(from);
  });
  const live = new Set<number>();
  const queue = accepts.flatMap((accepted, state) => (accepted ? [state] : []));
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    if (live.has(state)) continue;
    live.add(state);
    queue.push(...into[state]);
  }
  return live;
}

function tooMany(): AnyqwenError {
  return new AnyqwenError(
    "invalid-argument",
    `format: patterns and lengths together take more than ${MOST_STATES} states; make them simpler or shorter`,
  );
}

/** Thompson's construction: states with empty steps, then sets of them. */
class Machine {
  readonly #steps: Step[][] = [[]];
  readonly #empty: number[][] = [[]];

  /** Adds the pattern behind a state; returns the state where it ends. */
  build(pattern: Pattern, from: number): number {
    switch (pattern.kind) {
      case "characters": {
        const to = this.#state();
        this.#steps[from].push({ set: pattern.set, to });
        return to;
      }
      case "sequence":
        return pattern.items.reduce((at, item) => this.build(item, at), from);
      case "choice": {
        const to = this.#state();
        for (const item of pattern.items) this.#empty[this.build(item, this.#behind(from))].push(to);
        return to;
      }
      case "repeat":
        return this.#repeat(pattern, from);
      default:
        return from;
    }
  }

  determine(end: number): StringSet {
    const numbers = new Map<string, number>();
    const sets: (readonly number[])[] = [];
    const number = (states: readonly number[]): number => {
      const closed = this.#closure(states);
      const key = closed.join();
      let own = numbers.get(key);
      if (own === undefined) {
        if (sets.length >= MOST_STATES) throw tooMany();
        own = sets.length;
        numbers.set(key, own);
        sets.push(closed);
      }
      return own;
    };
    number([0]);
    const steps: Step[][] = [];
    let count = 0;
    for (let at = 0; at < sets.length; at++) {
      const all = sets[at].flatMap((state) => this.#steps[state]);
      const own = disjoint(all.map(({ set }) => set)).map((set) => {
        const to = all.filter((step) => contains(step.set, set[0][0])).map((step) => step.to);
        return { set, to: number(to) };
      });
      if ((count += own.length + all.length) > MOST_STEPS) throw tooMany();
      steps.push(own);
    }
    return { steps, accepts: sets.map((states) => states.includes(end)) };
  }

  #repeat({ body, least, most }: Extract<Pattern, { kind: "repeat" }>, from: number): number {
    let at = from;
    for (let i = 0; i < least; i++) at = this.build(body, at);
    if (most === MANY) {
      const head = this.#behind(at);
      this.#empty[this.build(body, head)].push(head);
      return this.#behind(head);
    }
    const ends = [at];
    for (let i = least; i < most; i++) ends.push((at = this.build(body, this.#behind(at))));
    const to = this.#state();
    for (const end of ends) this.#empty[end].push(to);
    return to;
  }

  #behind(state: number): number {
    const next = this.#state();
    this.#empty[state].push(next);
    return next;
  }

  #state(): number {
    if (this.#steps.length >= 4 * MOST_STATES) throw tooMany();
    this.#steps.push([]);
    this.#empty.push([]);
    return this.#steps.length - 1;
  }

  #closure(states: readonly number[]): readonly number[] {
    const closed = new Set(states);
    for (const state of closed) for (const next of this.#empty[state]) closed.add(next);
    return [...closed].sort((a, b) => a - b);
  }
}

/** The smallest parts of which all sets are made. */
function disjoint(sets: readonly CodePoints[]): CodePoints[] {
  let parts: CodePoints[] = [];
  let covered: CodePoints = [];
  for (const set of sets) {
    const next: CodePoints[] = [];
    for (const part of parts) {
      const [common, rest] = [intersection(part, set), difference(part, set)];
      if (common.length > 0) next.push(common);
      if (rest.length > 0) next.push(rest);
    }
    const fresh = difference(set, covered);
    if (fresh.length > 0) next.push(fresh);
    parts = next;
    covered = union(covered, set);
  }
  return parts;
}
