// Runs a trace op by op over f32 arrays. It is the definition that every other device is compared with; its speed does not matter.

import type {
  AdapterWeights,
  DeviceOptions,
  Executor,
  Sampled,
  SampleRequest,
  Segment,
  SequenceState,
} from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { lastUses, opInputs, opOutput } from "../../core/liveness.ts";
import type { Op, Trace, Value, Weight } from "../../core/trace.ts";
import { add, sigmoidGate, swiglu } from "./activation.ts";
import { attention } from "./attention.ts";
import { PagePool, ReferenceState } from "./cache.ts";
import { causalConv, gatedDelta } from "./delta.ts";
import { addLowRank, concat, embed, gatherRows, linear, slice } from "./linear.ts";
import { moe } from "./moe.ts";
import { rmsNorm } from "./norm.ts";
import { rope } from "./rope.ts";
import { sampleRow } from "./sample.ts";

/** One step: what every token is, where it stands, whose it is. */
interface Step {
  readonly ids: Int32Array; // [T]
  readonly positions: Int32Array; // [T]
  readonly states: readonly ReferenceState[]; // [T]
  readonly adapters: readonly (AdapterWeights | undefined)[]; // [T]
  /** Which of its sequence's drafts a token is, if it is one. */
  readonly drafts: readonly (number | undefined)[]; // [T]
  /** Of a draft trace: [T, H]. */
  readonly hidden: Float32Array;
  /** Tokens whose logits are asked for. */
  readonly rows: Int32Array; // [R]
}

export class ReferenceExecutor implements Executor {
  readonly identity = "reference-f32";
  readonly drafter: ReferenceExecutor | undefined;
  readonly #pool: PagePool;
  readonly #lastUses: Float64Array;
  readonly #adapters: Map<string, AdapterWeights>;
  #outputs = new Map<number, Float32Array>();

  constructor(
    private readonly trace: Trace,
    private readonly weights: Map<string, Float32Array>,
    private readonly options: DeviceOptions,
  ) {
    this.#pool = new PagePool(trace, options.kv, options.contextTokens, options.states, options.maxRows);
    this.#lastUses = lastUses(trace);
    this.#adapters = new Map(options.adapters);
    this.drafter = trace.draft && new ReferenceExecutor(trace.draft, weights, options);
  }

  get memoryBytes(): number {
    let bytes = this.#pool.bytes + this.#outputBytes + (this.drafter?.ownBytes ?? 0);
    for (const values of this.weights.values()) bytes += values.byteLength;
    for (const adapter of this.#adapters.values())
      for (const { a, b } of adapter.values()) bytes += a.byteLength + b.byteLength;
    return bytes;
  }

  /** What it holds beside the weights. */
  get ownBytes(): number {
    return this.#pool.bytes + this.#outputBytes;
  }

  get #outputBytes(): number {
    return [...this.#outputs.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  createState(adapter?: string): SequenceState {
    return new ReferenceState(this.#pool, adapter);
  }

  addAdapter(name: string, weights: AdapterWeights): void {
    if (this.#adapters.has(name))
      throw new AnyqwenError("invalid-argument", `there is an adapter ${name} already; remove it first`);
    this.#adapters.set(name, weights);
  }

  removeAdapter(name: string): void {
    this.#adapters.delete(name);
  }

  step(segments: readonly Segment[]): void {
    const step = this.#layOut(segments);
    const values = new Map<number, Float32Array>();
    const hidden = this.trace.inputs.get("hidden");
    if (hidden) values.set(hidden.id, step.hidden);
    try {
      for (const { state, tokens, drafts } of segments) (state as ReferenceState).reserve(tokens.length, drafts);
      this.trace.ops.forEach((op, index) => {
        this.#run(op, step, values);
        for (const input of opInputs(op)) if (this.#lastUses[input.id] <= index) values.delete(input.id);
      });
    } catch (error) {
      for (const { state } of segments) state.rewind(state.length); // gives reserved pages back
      throw error;
    }
    for (const { state, tokens, drafts } of segments) (state as ReferenceState).commit(tokens.length, drafts);
    this.#outputs = new Map([...this.trace.outputs.values()].map(({ id }) => [id, values.get(id)!]));
  }

  read(name: string): Float32Array {
    const value = this.trace.outputs.get(name);
    const result = value && this.#outputs.get(value.id);
    if (result) return result.slice();
    const why = value ? "no step was run yet" : `the trace has ${[...this.trace.outputs.keys()].join(", ")}`;
    throw new AnyqwenError("invalid-argument", `cannot read "${name}": ${why}`);
  }

  sample(requests: readonly SampleRequest[]): Sampled[] {
    const logits = this.read("logits");
    const vocab = this.trace.outputs.get("logits")!.cols;
    return requests.map((request) => {
      const row = logits.subarray(request.row * vocab, (request.row + 1) * vocab);
      if (row.length !== vocab) {
        throw new AnyqwenError("invalid-argument", `sample: row ${request.row} of ${logits.length / vocab}`);
      }
      return sampleRow(row, request);
    });
  }

  dispose(): void {
    this.weights.clear();
    this.#outputs.clear();
  }

  #layOut(segments: readonly Segment[]): Step {
    const ids: number[] = [];
    const positions: number[] = [];
    const states: ReferenceState[] = [];
    const adapters: (AdapterWeights | undefined)[] = [];
    const rows: number[] = [];
    const draftIndices: (number | undefined)[] = [];
    const width = this.trace.inputs.get("hidden")?.cols ?? 0;
    const total = segments.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const given = new Float32Array(width * total);
    if (new Set(segments.map(({ state }) => state)).size !== segments.length) {
      throw new AnyqwenError("invalid-argument", "step: a sequence appears in two segments");
    }
    for (const { state, tokens, rows: wanted, hidden, drafts = 0 } of segments) {
      if (width > 0) given.set(checkHidden(hidden, tokens.length, width), width * ids.length);
      const adapter = state.adapter === undefined ? undefined : this.#adapters.get(state.adapter);
      if (state.adapter !== undefined && !adapter) {
        throw new AnyqwenError("invalid-argument", `step: there is no adapter ${state.adapter}`);
      }
      for (const row of wanted) {
        if (row < 0 || row >= tokens.length) {
          throw new AnyqwenError("invalid-argument", `step: row ${row} of a segment of ${tokens.length} tokens`);
        }
        rows.push(ids.length + row);
      }
      for (let i = 0; i < tokens.length; i++) {
        ids.push(tokens[i]);
        positions.push(state.length + i);
        const draft = i - (tokens.length - drafts);
        draftIndices.push(draft >= 0 ? draft : undefined);
        states.push(state as ReferenceState);
        adapters.push(adapter);
      }
    }
    const { maxTokens, maxRows } = this.options;
    if (ids.length > maxTokens || rows.length > maxRows) {
      throw new AnyqwenError(
        "invalid-argument",
        `step: ${ids.length} tokens and ${rows.length} rows; loaded for ${maxTokens} and ${maxRows}`,
      );
    }
    return {
      ids: Int32Array.from(ids),
      positions: Int32Array.from(positions),
      states,
      adapters,
      drafts: draftIndices,
      hidden: given,
      rows: Int32Array.from(rows),
    };
  }

  #run(op: Op, step: Step, values: Map<number, Float32Array>): void {
    const value = (v: Value) => values.get(v.id)!;
    const weight = (w: Weight) => this.weights.get(w.name)!;
    const made = opOutput(op);
    const rowsOf = (v: Value) => (v.rows === "T" ? step.ids.length : v.rows === "R" ? step.rows.length : v.rows);
    const out = new Float32Array(made ? rowsOf(made) * made.cols : 0);
    switch (op.kind) {
      case "embed":
        checkIds(step.ids, op.table.shape[0]);
        embed(weight(op.table), step.ids, op.out.cols, out);
        break;
      case "rmsNorm":
        rmsNorm(value(op.x), weight(op.weight), op.eps, out, op.zeroCentred ? 1 : 0);
        break;
      case "linear":
        linear(
          value(op.x),
          weight(op.weight),
          op.bias && weight(op.bias),
          op.residual && value(op.residual),
          op.x.cols,
          out,
          op.out.cols,
        );
        for (let row = 0; row * op.out.cols < out.length; row++) {
          const adapter = step.adapters[op.x.rows === "R" ? step.rows[row] : row]?.get(op.weight.name);
          const rowOf = (values: Float32Array, cols: number) => values.subarray(row * cols, (row + 1) * cols);
          if (adapter) addLowRank(rowOf(value(op.x), op.x.cols), adapter, rowOf(out, op.out.cols));
        }
        break;
      case "rope":
        rope(value(op.x), step.positions, op.headDim, op.rope, out);
        break;
      case "appendKv":
        step.states.forEach((state, t) => {
          const [k, v] = [op.k, op.v].map((each) => rowOf(value(each), each, t));
          state.append(op.layer, step.positions[t], k, v);
        });
        break;
      case "attention":
        attention(value(op.q), step.states, step.positions, op.layer, op.shape, out);
        break;
      case "swiglu":
        swiglu(value(op.gate), value(op.up), out);
        break;
      case "add":
        add(value(op.a), value(op.b), out);
        break;
      case "sigmoidGate":
        sigmoidGate(value(op.gate), value(op.x), out);
        break;
      case "moe": {
        const { topK, normTopK } = op;
        const count = op.gate.shape[0];
        const experts = { gate: weight(op.gate), up: weight(op.up), down: weight(op.down), count, topK, normTopK };
        moe(value(op.x), value(op.routerLogits), experts, out);
        break;
      }
      case "concat":
        concat(value(op.a), op.a.cols, value(op.b), op.b.cols, out);
        break;
      case "slice":
        slice(value(op.x), op.x.cols / op.groups, op.offset, op.width, out);
        break;
      case "causalConv":
        step.states.forEach((state, t) => {
          const row = rowOf(value(op.x), op.x, t);
          causalConv(
            row,
            weight(op.weight),
            op.shape,
            state.delta(op.layer, "inputs", step.drafts[t]),
            rowOf(out, op.out, t),
          );
        });
        break;
      case "gatedDelta":
        step.states.forEach((state, t) => {
          const [qkv, a, b] = [op.qkv, op.a, op.b].map((v) => rowOf(value(v), v, t));
          const inputs = { qkv, a, b, aLog: weight(op.aLog), dtBias: weight(op.dtBias) };
          gatedDelta(inputs, op.shape, state.delta(op.layer, "memory", step.drafts[t]), rowOf(out, op.out, t));
        });
        break;
      case "gatherRows":
        gatherRows(value(op.x), step.rows, op.out.cols, out);
        break;
    }
    if (made) values.set(made.id, out);
  }
}

function rowOf(values: Float32Array, { cols }: Value, row: number): Float32Array {
  return values.subarray(row * cols, (row + 1) * cols);
}

function checkHidden(hidden: Float32Array | undefined, tokens: number, width: number): Float32Array {
  if (hidden?.length === tokens * width) return hidden;
  throw new AnyqwenError(
    "invalid-argument",
    `step: ${hidden?.length ?? 0} hidden values for ${tokens} tokens of ${width}`,
  );
}

function checkIds(ids: Int32Array, vocab: number): void {
  const wrong = ids.find((id) => id < 0 || id >= vocab);
  if (wrong !== undefined) {
    throw new AnyqwenError("invalid-argument", `token id ${wrong}: the vocabulary has ${vocab}`);
  }
}
