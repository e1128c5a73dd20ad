// Numbers between bounds, digit by digit. Written without exponent and with at most 15 digits that count, so that the text's value and
// the number that a reader makes of it lie on the same side of each bound.

import { AnyqwenError } from "../../core/errors.ts";
import type { GrammarBuilder, NodeId } from "./nodes.ts";

export interface Bounds {
  readonly least?: number;
  readonly most?: number;
  /** The bound itself is left out. */
  readonly above?: boolean;
  readonly below?: boolean;
}

/** Digits of a bound. */
interface Decimal {
  readonly whole: string;
  readonly fraction: string;
}

const MOST_WHOLE = 15;
const MOST_FRACTION = 15;
const LARGEST = 10 ** MOST_WHOLE;

export function integerBetween(grammar: GrammarBuilder, { least, most, above, below }: Bounds): NodeId {
  const from = least === undefined ? undefined : roundUp(least, above === true);
  const to = most === undefined ? undefined : roundDown(most, below === true);
  // Without a bound on one side, 16 digits on that side.
  const limit = 10n ** 16n - 1n;
  const [low, high] = [from ?? (to !== undefined && to < -limit ? to : -limit), to ?? limit];
  if (low > high) return grammar.never;
  const parts: NodeId[] = [];
  if (low < 0n) {
    const [near, far] = [high < 0n ? -high : 1n, -low];
    if (near <= far) parts.push(grammar.sequence(grammar.text("-"), digitsBetween(grammar, String(near), String(far))));
  }
  if (high >= 0n) parts.push(digitsBetween(grammar, String(low > 0n ? low : 0n), String(high)));
  return grammar.shared(grammar.choice(...parts));
}

export function numberBetween(
  grammar: GrammarBuilder,
  { least = -LARGEST, most = LARGEST, above, below }: Bounds,
): NodeId {
  if (least > LARGEST || most < -LARGEST) {
    throw new AnyqwenError("invalid-argument", `format: bounds of numbers beyond ${LARGEST} are not supported`);
  }
  const [low, high] = [Math.max(least, -LARGEST), Math.min(most, LARGEST)];
  const parts: NodeId[] = [];
  if (low < 0) {
    // Without its sign the bounds change places; -0 is left to the other half.
    const size = positive(grammar, Math.max(0, -high), -low, high >= 0 || below === true, above === true);
    parts.push(grammar.sequence(grammar.text("-"), size));
  }
  if (high >= 0) parts.push(positive(grammar, Math.max(0, low), high, low >= 0 && above === true, below === true));
  return grammar.shared(grammar.choice(...parts));
}

/** Numbers from `low` to `high`, both at least 0. */
function positive(grammar: GrammarBuilder, low: number, high: number, above: boolean, below: boolean): NodeId {
  if (low > high) return grammar.never;
  const [from, to] = [decimal(low, true), decimal(high, false)];
  const order = compare(from.whole, to.whole);
  if (order > 0) return grammar.never;
  const places = Math.max(1, MOST_FRACTION - to.whole.length);
  const digits = new FractionNodes(grammar, places);
  if (order === 0) {
    return grammar.sequence(grammar.text(from.whole), digits.between(from.fraction, to.fraction, above, below));
  }
  const between = [String(BigInt(from.whole) + 1n), String(BigInt(to.whole) - 1n)] as const;
  return grammar.choice(
    grammar.sequence(grammar.text(from.whole), digits.atLeast(from.fraction, above, true)),
    compare(...between) > 0 ? grammar.never : grammar.sequence(digitsBetween(grammar, ...between), digits.any()),
    grammar.sequence(grammar.text(to.whole), digits.atMost(to.fraction, below, true)),
  );
}

/** What follows the whole part: nothing, or a point and digits. */
class FractionNodes {
  readonly #grammar: GrammarBuilder;
  readonly #places: number;

  constructor(grammar: GrammarBuilder, places: number) {
    this.#grammar = grammar;
    this.#places = places;
  }

  any(): NodeId {
    const { optional, rest, point } = this.#parts();
    return optional(this.#grammar.sequence(point, this.#digit(0, 9), rest(1)));
  }

  /** At least 0.`bound`. */
  atLeast(bound: string, above: boolean, head: boolean, at = 0): NodeId {
    const grammar = this.#grammar;
    const { rest, point } = this.#parts();
    if (at === bound.length) {
      if (above) return this.#behindPoint(this.#nonZero(at), head);
      return head ? this.any() : rest(at);
    }
    const digit = Number(bound[at]);
    const node = grammar.choice(
      digit < 9 ? grammar.sequence(this.#digit(digit + 1, 9), rest(at + 1)) : grammar.never,
      grammar.sequence(this.#digit(digit, digit), this.atLeast(bound, above, false, at + 1)),
    );
    return head ? grammar.sequence(point, node) : node;
  }

  /** At most 0.`bound`. */
  atMost(bound: string, below: boolean, head: boolean, at = 0): NodeId {
    const grammar = this.#grammar;
    const { rest, point, optional } = this.#parts();
    if (at === bound.length) {
      if (below) return grammar.never;
      return head ? optional(grammar.sequence(point, this.#zeros(at, 1))) : this.#zeros(at, 0);
    }
    const digit = Number(bound[at]);
    const node = grammar.choice(
      digit > 0 ? grammar.sequence(this.#digit(0, digit - 1), rest(at + 1)) : grammar.never,
      grammar.sequence(this.#digit(digit, digit), this.atMost(bound, below, false, at + 1)),
    );
    // The bound goes on, and not with zeros only: what ends here is less.
    return optional(head ? grammar.sequence(point, node) : node);
  }

  between(low: string, high: string, above: boolean, below: boolean, at = 0): NodeId {
    const grammar = this.#grammar;
    const { point, rest } = this.#parts();
    const head = at === 0;
    if (at === low.length) {
      if (!above) return this.atMost(high, below, head, at);
      // More than what stands here already: the digits that follow are not all zeros.
      const more = this.#atMostNonZero(high, below, at);
      return head ? grammar.sequence(point, more) : more;
    }
    const [from, to] = [Number(low[at]), Number(high[at] ?? "0")];
    if (from > to || at === this.#places) return grammar.never;
    const node =
      from === to
        ? grammar.sequence(this.#digit(from, from), this.between(low, high, above, below, at + 1))
        : grammar.choice(
            grammar.sequence(this.#digit(from, from), this.atLeast(low, above, false, at + 1)),
            from + 1 < to ? grammar.sequence(this.#digit(from + 1, to - 1), rest(at + 1)) : grammar.never,
            grammar.sequence(this.#digit(to, to), this.atMost(high, below, false, at + 1)),
          );
    return head ? grammar.sequence(point, node) : node;
  }

  /** Digits that are at most `bound`'s from here on, and not all zeros. */
  #atMostNonZero(bound: string, below: boolean, at: number): NodeId {
    const grammar = this.#grammar;
    if (at >= bound.length || at === this.#places) return grammar.never;
    const { rest } = this.#parts();
    const digit = Number(bound[at]);
    if (digit === 0) return grammar.sequence(this.#digit(0, 0), this.#atMostNonZero(bound, below, at + 1));
    return grammar.choice(
      grammar.sequence(this.#digit(0, 0), this.#nonZero(at + 1)),
      digit > 1 ? grammar.sequence(this.#digit(1, digit - 1), rest(at + 1)) : grammar.never,
      grammar.sequence(this.#digit(digit, digit), this.atMost(bound, below, false, at + 1)),
    );
  }

  /** Digits, not all of them zeros. */
  #nonZero(at: number): NodeId {
    const grammar = this.#grammar;
    if (at >= this.#places) return grammar.never;
    return grammar.choice(
      grammar.sequence(this.#digit(0, 0), this.#nonZero(at + 1)),
      grammar.sequence(this.#digit(1, 9), this.#parts().rest(at + 1)),
    );
  }

  #behindPoint(digits: NodeId, head: boolean): NodeId {
    return head ? this.#grammar.sequence(this.#grammar.text("."), digits) : digits;
  }

  #digit(from: number, to: number): NodeId {
    return this.#grammar.set([[0x30 + from, 0x30 + to]]);
  }

  #zeros(at: number, least: number): NodeId {
    return this.#grammar.repeat(this.#grammar.text("0"), least, Math.max(least, this.#places - at));
  }

  #parts() {
    const grammar = this.#grammar;
    return {
      point: grammar.text("."),
      optional: (node: NodeId) => grammar.optional(node),
      /** Whatever digits there is room for. */
      rest: (at: number) => grammar.repeat(this.#digit(0, 9), 0, Math.max(0, this.#places - at)),
    };
  }
}

/** Whole numbers without leading zeros. */
function digitsBetween(grammar: GrammarBuilder, low: string, high: string): NodeId {
  const digit = (from: number, to: number) => grammar.set([[0x30 + from, 0x30 + to]]);
  const free = (count: number) => grammar.repeat(digit(0, 9), count, count);
  const sameLength = (from: string, to: string): NodeId => {
    if (from.length === 0) return grammar.empty;
    if (/^0*$/.test(from) && /^9*$/.test(to)) return free(from.length);
    const [first, last] = [Number(from[0]), Number(to[0])];
    const rest = from.length - 1;
    if (first === last) return grammar.sequence(digit(first, first), sameLength(from.slice(1), to.slice(1)));
    return grammar.choice(
      grammar.sequence(digit(first, first), sameLength(from.slice(1), "9".repeat(rest))),
      first + 1 < last ? grammar.sequence(digit(first + 1, last - 1), free(rest)) : grammar.never,
      grammar.sequence(digit(last, last), sameLength("0".repeat(rest), to.slice(1))),
    );
  };
  const parts: NodeId[] = [];
  for (let length = low.length; length <= high.length; length++) {
    const from = length === low.length ? low : `1${"0".repeat(length - 1)}`;
    parts.push(sameLength(from, length === high.length ? high : "9".repeat(length)));
  }
  return grammar.choice(...parts);
}

function compare(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The first whole number from the bound on, or beyond it where the bound is left out: large ones are more than one apart. */
function roundUp(value: number, above: boolean): bigint {
  let up = BigInt(Math.ceil(value));
  for (let step = 1n; above && Number(up) <= value; step *= 2n) up += step;
  return up;
}

const roundDown = (value: number, below: boolean): bigint => -roundUp(-value, below);

/** Digits of a number from 0 to LARGEST; those beyond the 15th that counts move it into the range: up or down. */
function decimal(value: number, up: boolean): Decimal {
  const [mantissa, exponent = "0"] = String(value).split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(1, point);
  const exact = { whole: padded.slice(0, at).replace(/^0+(?=\d)/, ""), fraction: padded.slice(at).replace(/0+$/, "") };
  const places = Math.max(1, MOST_FRACTION - exact.whole.length);
  if (exact.fraction.length <= places) return exact;
  const cut = BigInt(exact.whole + exact.fraction.slice(0, places)) + (up ? 1n : 0n);
  const text = String(cut).padStart(places + 1, "0");
  return { whole: text.slice(0, -places), fraction: text.slice(-places).replace(/0+$/, "") };
}
