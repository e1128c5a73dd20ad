// Training's ops for what is more than a dense decoder: the causal convolution and the gated delta net within the sequences of a
// batch, gates, slices and routed experts. Each forward op beside the vector-Jacobian product that core/vjp.ts makes of it.

import type { DeltaShape, Op, Value, Weight } from "./trace.ts";

/** Ops of the forward pass that have a recurrent state in the trace; here every sequence of the batch begins with none. */
export type RecurrentOp =
  /** As `causalConv` of the trace; before a sequence's first token stand zeros. */
  | {
      readonly kind: "sequenceConv";
      /** [T, deltaChannels(shape)] */
      readonly x: Value;
      /** [channels * taps] */
      readonly weight: Weight;
      readonly shape: DeltaShape;
      readonly out: Value;
    }
  /** As `gatedDelta` of the trace; a sequence's memory is zeros before its first token. */
  | {
      readonly kind: "sequenceDelta";
      /** [T, deltaChannels(shape)] */
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
    };

type Slice = Extract<Op, { kind: "slice" }>;
type Moe = Extract<Op, { kind: "moe" }>;

/** Products that overwrite the gradients they name, unless said otherwise. `trained`: those of the op's weights that are. */
export type MixingGradientOp =
  | {
      readonly kind: "sigmoidGateGradient";
      readonly gate: Value;
      readonly x: Value;
      readonly dOut: Value;
      readonly dGate: Value;
      readonly dX: Value;
    }
  /** Adds dOut to the columns of `into` that were cut out. */
  | ({ readonly kind: "sliceGradient"; readonly dOut: Value; readonly into: Value } & Omit<Slice, "kind" | "x" | "out">)
  | {
      readonly kind: "convGradient";
      readonly x: Value;
      readonly weight: Weight;
      readonly shape: DeltaShape;
      readonly dOut: Value;
      readonly into: Value;
      readonly trained: readonly Weight[];
    }
  | ({
      readonly kind: "deltaGradient";
      readonly dOut: Value;
      readonly dQkv: Value;
      readonly dA: Value;
      readonly dB: Value;
      readonly trained: readonly Weight[];
    } & Omit<Extract<RecurrentOp, { kind: "sequenceDelta" }>, "kind" | "out">)
  /** By the experts' input (added to `into` where `add`) and by the router's logits. */
  | ({
      readonly kind: "moeGradient";
      readonly dOut: Value;
      readonly into: Value;
      readonly add: boolean;
      readonly dLogits: Value;
      readonly trained: readonly Weight[];
    } & Omit<Moe, "kind" | "out">);
