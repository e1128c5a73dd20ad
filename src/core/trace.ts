// The trace: what a family's forward() writes down. It names values, weights and operations, and knows no device and no model.
// Every device, the planner, training and the parity tests start from this one list (docs/architecture.md).

/** Rows of a value: a number, or "T" (tokens of the step) or "R" (tokens whose logits are asked for). */
export type Rows = number | "T" | "R";

/** A value of the trace: an f32 matrix [rows, cols]. */
export interface Value {
  readonly id: number;
  readonly rows: Rows;
  readonly cols: number;
}

/** A weight by its Hugging Face name; how it is stored is the device's business. */
export interface Weight {
  readonly name: string;
  /** [cols] for norms and biases, [out, in] for linear layers, [experts, out, in] for stacked experts. */
  readonly shape: readonly number[];
}

/** Rotary embedding in rotate-half form; element i of the rotated half turns by position * frequencies[i]. */
export interface Rope {
  /** Radians per position, length rotated dimensions / 2. */
  readonly frequencies: Float64Array;
  /** Factor on cos and sin (YaRN's attention factor), else 1. */
  readonly scale: number;
}

export interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Multiplies q.k; 1/sqrt(headDim) usually. */
  readonly scale: number;
  /** A token sees itself and the window - 1 tokens before it; absent: all before it. */
  readonly window?: number;
}

/** Heads of a gated delta net; value head j reads and writes by key head floor(j * keyHeads / valueHeads). */
export interface DeltaShape {
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  /** Tokens that the causal convolution sees: the token itself and those before it. */
  readonly taps: number;
}

/** Columns of a delta net's convolution: queries, keys, values. */
export function deltaChannels({ keyHeads, valueHeads, keyDim, valueDim }: DeltaShape): number {
  return 2 * keyHeads * keyDim + valueHeads * valueDim;
}

export type Op =
  /** Rows of `table` [vocab, cols] by the step's token ids. */
  | { readonly kind: "embed"; readonly table: Weight; readonly out: Value }
  /** x / sqrt(mean(x^2) + eps) * weight over each group of weight.shape[0] columns (a whole row, or one head); times 1 + weight
   *  where the weight is zero-centred. */
  | {
      readonly kind: "rmsNorm";
      readonly x: Value;
      readonly weight: Weight;
      readonly eps: number;
      readonly zeroCentred: boolean;
      readonly out: Value;
    }
  /** x [n, in] times weight [out, in] transposed, plus bias, plus residual; `out` may have fewer columns: the first outputs alone. */
  | {
      readonly kind: "linear";
      readonly x: Value;
      readonly weight: Weight;
      readonly bias?: Weight;
      readonly residual?: Value;
      readonly out: Value;
    }
  /** Rotates every head of x [T, heads * headDim] by its token's position. */
  | { readonly kind: "rope"; readonly x: Value; readonly headDim: number; readonly rope: Rope; readonly out: Value }
  /** Appends k and v [T, kvHeads * headDim] to the layer's cache, rounded to the cache type. */
  | {
      readonly kind: "appendKv";
      readonly layer: number;
      readonly k: Value;
      readonly v: Value;
      readonly shape: AttentionShape;
    }
  /** Causal attention of q [T, heads * headDim] over the layer's cache. */
  | {
      readonly kind: "attention";
      readonly layer: number;
      readonly q: Value;
      readonly shape: AttentionShape;
      readonly out: Value;
    }
  /** silu(gate) * up. */
  | { readonly kind: "swiglu"; readonly gate: Value; readonly up: Value; readonly out: Value }
  | { readonly kind: "add"; readonly a: Value; readonly b: Value; readonly out: Value }
  /** sigmoid(gate) * x [n, cols]; the gate has a column for the whole row, or as many as x. */
  | { readonly kind: "sigmoidGate"; readonly gate: Value; readonly x: Value; readonly out: Value }
  /** The columns of a, then those of b. */
  | { readonly kind: "concat"; readonly a: Value; readonly b: Value; readonly out: Value }
  /** Of each of `groups` equal parts of a row of x, the columns [offset, offset + width): [n, groups * width]. */
  | {
      readonly kind: "slice";
      readonly x: Value;
      readonly groups: number;
      readonly offset: number;
      readonly width: number;
      readonly out: Value;
    }
  /** silu of each column's causal convolution over the sequence: out[t] = sum over i < taps of weight[col * taps + i] * x[t - taps + 1 + i].
   *  The last taps - 1 inputs are part of the sequence's state. */
  | {
      readonly kind: "causalConv";
      readonly layer: number;
      /** [T, deltaChannels(shape)] */
      readonly x: Value;
      /** [channels * taps] */
      readonly weight: Weight;
      readonly shape: DeltaShape;
      readonly out: Value;
    }
  /** Gated delta rule (arXiv 2412.06464, eq. 10), recurrent form, a state S [keyDim, valueDim] per value head and sequence:
   *  with q, k of length 1 (q then over sqrt(keyDim)), beta = sigmoid(b), g = exp(-exp(aLog) * softplus(a + dtBias)):
   *  S <- g S + k (beta (v - g S^T k))^T; out = S^T q. */
  | {
      readonly kind: "gatedDelta";
      readonly layer: number;
      /** Queries, keys, values after the convolution: [T, deltaChannels(shape)]. */
      readonly qkv: Value;
      /** [T, valueHeads] */
      readonly a: Value;
      readonly b: Value;
      /** [valueHeads] */
      readonly aLog: Weight;
      readonly dtBias: Weight;
      readonly shape: DeltaShape;
      /** [T, valueHeads * valueDim] */
      readonly out: Value;
    }
  /** Routed experts: softmax over the router's logits, the top k by probability then id, optionally renormalised;
   *  out = sum over slots, in slot order, of p * down(silu(gate(x)) * up(x)). */
  | {
      readonly kind: "moe";
      readonly x: Value;
      /** [T, experts] */
      readonly routerLogits: Value;
      readonly gate: Weight;
      readonly up: Weight;
      readonly down: Weight;
      readonly topK: number;
      readonly normTopK: boolean;
      readonly out: Value;
    }
  /** The rows whose logits are asked for: [T, cols] to [R, cols]. */
  | { readonly kind: "gatherRows"; readonly x: Value; readonly out: Value };

export interface Trace {
  readonly ops: readonly Op[];
  /** Values that the caller hands in with a step, by name: "hidden" [T, H] of a draft trace. */
  readonly inputs: ReadonlyMap<string, Value>;
  readonly values: readonly Value[];
  readonly weights: readonly Weight[];
  /** Values a caller can read after a step, by name: "logits" [R, vocab], "hidden.0" .. "hidden.L" [T, H], "embedding" [R, H], and
   *  "final" [T, H] where there is a draft trace, which takes it in. */
  readonly outputs: ReadonlyMap<string, Value>;
  /** Attention shapes by layer, for the cache. */
  readonly kv: readonly { readonly layer: number; readonly shape: AttentionShape }[];
  /** Shapes of the layers with a recurrent state. */
  readonly recurrent: readonly { readonly layer: number; readonly shape: DeltaShape }[];
  /** A block that guesses further tokens: a trace of its own with a cache of its own, over weights of which some are this trace's. */
  readonly draft?: Trace;
}

/** Writes a trace. One method per op; each checks shapes and returns the value it makes. */
export class Graph {
  readonly #ops: Op[] = [];
  readonly #values: Value[] = [];
  readonly #weights = new Map<string, Weight>();
  readonly #inputs = new Map<string, Value>();
  readonly #outputs = new Map<string, Value>();
  readonly #kv: { layer: number; shape: AttentionShape }[] = [];
  readonly #recurrent: { layer: number; shape: DeltaShape }[] = [];

  weight(name: string, ...shape: number[]): Weight {
    const known = this.#weights.get(name);
    if (known) return known;
    const weight = { name, shape };
    this.#weights.set(name, weight);
    return weight;
  }

  /** A value [T, cols] that comes with each step. */
  input(name: string, cols: number): Value {
    const value = { id: this.#values.length, rows: "T", cols } as const;
    this.#values.push(value);
    this.#inputs.set(name, value);
    return value;
  }

  embed(table: Weight): Value {
    return this.#push((out) => ({ kind: "embed", table, out }), "T", table.shape[1]);
  }

  rmsNorm(x: Value, weight: Weight, eps: number, zeroCentred = false): Value {
    check(x.cols % weight.shape[0] === 0, `rmsNorm: ${x.cols} columns in groups of ${weight.shape[0]}`);
    return this.#push((out) => ({ kind: "rmsNorm", x, weight, eps, zeroCentred, out }), x.rows, x.cols);
  }

  /** `outputs`: how many of the weight's outputs are wanted, from the first on; default all. */
  linear(
    x: Value,
    weight: Weight,
    { outputs, ...more }: { bias?: Weight; residual?: Value; outputs?: number } = {},
  ): Value {
    const [all, in_] = weight.shape;
    const out_ = outputs ?? all;
    check(out_ <= all, `linear ${weight.name}: ${out_} of ${all} outputs`);
    check(weight.shape.length === 2 && in_ === x.cols, `linear ${weight.name}: [${weight.shape}] on ${x.cols} columns`);
    check(!more.bias || more.bias.shape[0] === out_, `linear ${weight.name}: bias of ${more.bias?.shape[0]}`);
    check(!more.residual || more.residual.cols === out_, `linear ${weight.name}: residual of ${more.residual?.cols}`);
    return this.#push((out) => ({ kind: "linear", x, weight, ...more, out }), x.rows, out_);
  }

  rope(x: Value, headDim: number, rope: Rope): Value {
    check(
      x.cols % headDim === 0 && rope.frequencies.length * 2 <= headDim,
      `rope: ${x.cols} columns, heads of ${headDim}`,
    );
    return this.#push((out) => ({ kind: "rope", x, headDim, rope, out }), x.rows, x.cols);
  }

  appendKv(layer: number, k: Value, v: Value, shape: AttentionShape): void {
    check(k.cols === shape.kvHeads * shape.headDim && v.cols === k.cols, `appendKv: ${k.cols} and ${v.cols} columns`);
    this.#kv.push({ layer, shape });
    this.#ops.push({ kind: "appendKv", layer, k, v, shape });
  }

  attention(layer: number, q: Value, shape: AttentionShape): Value {
    check(q.cols === shape.heads * shape.headDim && shape.heads % shape.kvHeads === 0, `attention: ${q.cols} columns`);
    return this.#push((out) => ({ kind: "attention", layer, q, shape, out }), q.rows, q.cols);
  }

  swiglu(gate: Value, up: Value): Value {
    check(gate.cols === up.cols, `swiglu: ${gate.cols} and ${up.cols} columns`);
    return this.#push((out) => ({ kind: "swiglu", gate, up, out }), gate.rows, gate.cols);
  }

  add(a: Value, b: Value): Value {
    check(a.cols === b.cols, `add: ${a.cols} and ${b.cols} columns`);
    return this.#push((out) => ({ kind: "add", a, b, out }), a.rows, a.cols);
  }

  sigmoidGate(gate: Value, x: Value): Value {
    check(gate.cols === 1 || gate.cols === x.cols, `sigmoidGate: gate of ${gate.cols} columns for ${x.cols}`);
    return this.#push((out) => ({ kind: "sigmoidGate", gate, x, out }), x.rows, x.cols);
  }

  concat(a: Value, b: Value): Value {
    check(a.rows === b.rows, `concat: rows ${a.rows} and ${b.rows}`);
    return this.#push((out) => ({ kind: "concat", a, b, out }), a.rows, a.cols + b.cols);
  }

  slice(x: Value, groups: number, offset: number, width: number): Value {
    check(
      x.cols % groups === 0 && offset + width <= x.cols / groups,
      `slice: ${width} of ${x.cols} in ${groups} groups`,
    );
    return this.#push((out) => ({ kind: "slice", x, groups, offset, width, out }), x.rows, groups * width);
  }

  causalConv(layer: number, x: Value, weight: Weight, shape: DeltaShape): Value {
    const channels = deltaChannels(shape);
    check(
      x.rows === "T" && x.cols === channels && weight.shape[0] === channels * shape.taps,
      `causalConv: ${weight.shape[0]} weights on ${x.cols} columns`,
    );
    return this.#push((out) => ({ kind: "causalConv", layer, x, weight, shape, out }), x.rows, x.cols);
  }

  gatedDelta(
    layer: number,
    qkv: Value,
    gates: { a: Value; b: Value; aLog: Weight; dtBias: Weight },
    shape: DeltaShape,
  ): Value {
    const { keyHeads, valueHeads, valueDim } = shape;
    check(qkv.rows === "T" && qkv.cols === deltaChannels(shape), `gatedDelta: ${qkv.cols} columns`);
    check(gates.a.cols === valueHeads && gates.b.cols === valueHeads, `gatedDelta: gates of ${gates.a.cols} columns`);
    check(valueHeads % keyHeads === 0, `gatedDelta: ${valueHeads} value heads over ${keyHeads}`);
    this.#recurrent.push({ layer, shape });
    return this.#push((out) => ({ kind: "gatedDelta", layer, qkv, ...gates, shape, out }), "T", valueHeads * valueDim);
  }

  moe(
    x: Value,
    routerLogits: Value,
    experts: { gate: Weight; up: Weight; down: Weight; topK: number; normTopK: boolean },
  ): Value {
    const [count, , in_] = experts.gate.shape;
    check(
      in_ === x.cols && routerLogits.rows === x.rows && routerLogits.cols === count && experts.topK <= count,
      `moe: ${count} experts of ${in_} inputs`,
    );
    return this.#push((out) => ({ kind: "moe", x, routerLogits, ...experts, out }), x.rows, x.cols);
  }

  gatherRows(x: Value): Value {
    return this.#push((out) => ({ kind: "gatherRows", x, out }), "R", x.cols);
  }

  output(name: string, value: Value): void {
    this.#outputs.set(name, value);
  }

  finish(draft?: Trace): Trace {
    return {
      ops: this.#ops,
      inputs: this.#inputs,
      values: this.#values,
      weights: [...this.#weights.values()],
      outputs: this.#outputs,
      kv: this.#kv,
      recurrent: this.#recurrent,
      ...(draft && { draft }),
    };
  }

  #push(make: (out: Value) => Op, rows: Rows, cols: number): Value {
    const out = { id: this.#values.length, rows, cols };
    this.#values.push(out);
    this.#ops.push(make(out));
    return out;
  }
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`trace: ${what}`);
}
