import { describe, expect, it } from "vitest";
import { parseDelta, parseGgufDelta } from "./delta-config.ts";
import { Fields } from "./fields.ts";

const hf = {
  linear_num_key_heads: 2,
  linear_num_value_heads: 4,
  linear_key_head_dim: 16,
  linear_value_head_dim: 8,
};
const gguf = {
  "ssm.group_count": 2,
  "ssm.time_step_rank": 4,
  "ssm.state_size": 16,
  "ssm.inner_size": 32,
  "ssm.conv_kernel": 4,
};
const shape = { keyHeads: 2, valueHeads: 4, keyDim: 16, valueDim: 8, taps: 4 };
const fromHf = (more: object) => parseDelta(Fields.of({ ...hf, ...more }, "config.json"), 4);
const fromGguf = (more: object) => parseGgufDelta(Fields.of({ ...gguf, ...more }, "qwen35.*"), 4);

describe("delta nets in configurations", () => {
  it("have the same heads from both formats; every fourth layer attends", () => {
    const expected = { shape, layers: [true, true, true, false] };
    expect(fromHf({})).toEqual(expected);
    expect(fromGguf({})).toEqual(expected);
  });

  it("stand in the layers that the file names", () => {
    const layers = [false, true, true, true];
    const types = layers.map((linear) => (linear ? "linear_attention" : "full_attention"));
    expect(fromHf({ layer_types: types }).layers).toEqual(layers);
    // blocks for predicting more tokens come behind
    expect(fromGguf({ "attention.recurrent_layers": [...layers, false] }).layers).toEqual(layers);
    expect(fromGguf({ full_attention_interval: 2 }).layers).toEqual([true, false, true, false]);
  });

  it.each([
    [
      () => fromHf({ linear_num_value_heads: 3 }),
      '"linear_num_value_heads" is 3; expected a multiple of the 2 key heads',
    ],
    [() => fromHf({ layer_types: ["full_attention"] }), "4 entries, one per layer"],
    [() => fromHf({ attn_output_gate: false }), '"attn_output_gate" is false; expected true'],
    [() => fromHf({ linear_key_head_dim: 1e6 }), "at most 1024 heads of 4096 dimensions, here 1000000 and 8"],
    [() => fromHf({ linear_conv_kernel_dim: 1 }), "a whole number from 2 on"],
    [() => fromGguf({ "ssm.inner_size": 33 }), "a multiple of the 4 value heads"],
    [() => fromGguf({ "attention.recurrent_layers": [true] }), "4 entries, one per layer"],
  ])("%#: says what is wrong", (parse, message) => {
    expect(parse).toThrow(message);
  });
});
