import { describe, expect, test } from "vitest";
import { Graph, type Trace } from "../core/trace.ts";
import { bindWeights } from "./bind.ts";
import { ggufName, hfName } from "./gguf-names.ts";
import { fakeCheckpoint, fakeTensor } from "./testing.ts";

function traceOf(name: string, ...shape: number[]): Trace {
  const g = new Graph();
  g.weight(name, ...shape);
  return g.finish();
}

describe("names", () => {
  test.each([
    ["model.embed_tokens.weight", "token_embd.weight"],
    ["model.norm.weight", "output_norm.weight"],
    ["lm_head.weight", "output.weight"],
    ["model.layers.12.self_attn.q_proj.bias", "blk.12.attn_q.bias"],
    ["model.layers.0.post_attention_layernorm.weight", "blk.0.ffn_norm.weight"],
    ["model.layers.3.mlp.experts.down_proj.weight", "blk.3.ffn_down_exps.weight"],
    ["model.layers.3.mlp.shared_expert_gate.weight", "blk.3.ffn_gate_inp_shexp.weight"],
    ["model.layers.4.linear_attn.in_proj_qkv.weight", "blk.4.attn_qkv.weight"],
    ["model.layers.4.linear_attn.A_log", "blk.4.ssm_a"],
    ["model.layers.4.linear_attn.dt_bias", "blk.4.ssm_dt.bias"],
  ])("%s is %s", (hf, gguf) => {
    expect(ggufName(hf)).toBe(gguf);
    expect(hfName(gguf)).toBe(hf);
  });

  test("hybrids have another name for the norm before the MLP", () => {
    const hf = "model.layers.0.post_attention_layernorm.weight";
    expect(ggufName(hf, true)).toBe("blk.0.post_attention_norm.weight");
    expect(hfName("blk.0.post_attention_norm.weight")).toBe(hf);
  });

  test("foreign ones have none", () => {
    expect(hfName("blk.0.attn_q.scale")).toBeUndefined();
    expect(hfName("v.blk.0.ln1.weight")).toBeUndefined();
    expect(ggufName("model.layers.x.mlp.up_proj.weight")).toBeUndefined();
    expect(hfName("rope_freqs")).toBeUndefined();
  });
});

describe("binding", () => {
  const up = "model.layers.3.mlp.up_proj.weight";

  test("names tensor and shapes that disagree", () => {
    const checkpoint = fakeCheckpoint("safetensors", [fakeTensor(up, [4864, 895])]);
    expect(() => bindWeights(traceOf(up, 4864, 896), checkpoint)).toThrow(
      `${up}: expected [4864, 896], the file has [4864, 895]`,
    );
    const gguf = fakeCheckpoint("gguf", [fakeTensor("blk.3.ffn_up.weight", [896, 4864])]);
    expect(() => bindWeights(traceOf(up, 4864, 896), gguf)).toThrow(
      `${up}: expected [4864, 896], the file's blk.3.ffn_up.weight has [896, 4864]`,
    );
  });

  test("names a tensor that is missing, as the file would call it", () => {
    const trace = traceOf(up, 8, 8);
    expect(() => bindWeights(trace, fakeCheckpoint("safetensors", []))).toThrow(
      `${up}: not among the 0 tensors of here`,
    );
    expect(() => bindWeights(trace, fakeCheckpoint("gguf", []))).toThrow("blk.3.ffn_up.weight: not among");
  });

  test("finds base-model names without the prefix", () => {
    const checkpoint = fakeCheckpoint("safetensors", [fakeTensor("layers.0.mlp.up_proj.weight", [8, 4])]);
    const [bound] = bindWeights(traceOf("model.layers.0.mlp.up_proj.weight", 8, 4), checkpoint);
    expect(bound.parts.map((part) => part.shape)).toEqual([[8, 4]]);
  });

  test("gives a dropped dimension of 1 back", () => {
    const checkpoint = fakeCheckpoint("gguf", [fakeTensor("blk.0.ffn_gate_inp_shexp.weight", [48])]);
    const [bound] = bindWeights(traceOf("model.layers.0.mlp.shared_expert_gate.weight", 1, 48), checkpoint);
    expect(bound.parts[0].shape).toEqual([1, 48]);
  });

  test("experts: one tensor each, in order", () => {
    const experts = [2, 0, 1].map((i) => fakeTensor(`model.layers.0.mlp.experts.${i}.gate_proj.weight`, [6, 4]));
    const trace = traceOf("model.layers.0.mlp.experts.gate_proj.weight", 3, 6, 4);
    const [bound] = bindWeights(trace, fakeCheckpoint("safetensors", experts));
    expect(bound.parts.map((part) => part.name)).toEqual(
      [0, 1, 2].map((i) => `model.layers.0.mlp.experts.${i}.gate_proj.weight`),
    );
    expect(() => bindWeights(trace, fakeCheckpoint("safetensors", experts.slice(0, 2)))).toThrow(
      "model.layers.0.mlp.experts.1.gate_proj.weight",
    );
  });

  test("experts: fused gate and up are cut at the right rows", async () => {
    const fused = fakeTensor("model.layers.0.mlp.experts.gate_up_proj", [2, 6, 4]);
    const checkpoint = fakeCheckpoint("safetensors", [
      fused,
      fakeTensor("model.layers.0.mlp.experts.down_proj", [2, 4, 3]),
    ]);
    const [bound] = bindWeights(traceOf("model.layers.0.mlp.experts.up_proj.weight", 2, 3, 4), checkpoint);
    const first = new Uint8Array(2);
    await bound.parts[1].read(1, first);
    // Expert 1 starts at row 6, its up half at row 9; 16 bytes a row.
    expect([...first]).toEqual([9 * 16 + 1, 9 * 16 + 2]);
    expect(bound.parts[1].byteLength).toBe(48);
    const [down] = bindWeights(traceOf("model.layers.0.mlp.experts.down_proj.weight", 2, 4, 3), checkpoint);
    expect(down.parts.map((part) => part.shape)).toEqual([[2, 4, 3]]);
  });

  test("experts: GGUF has one tensor for all", () => {
    const checkpoint = fakeCheckpoint("gguf", [fakeTensor("blk.0.ffn_down_exps.weight", [2, 4, 32], "Q8_0")]);
    const [bound] = bindWeights(traceOf("model.layers.0.mlp.experts.down_proj.weight", 2, 4, 32), checkpoint);
    expect(bound.parts.map(({ type, shape }) => ({ type, shape }))).toEqual([{ type: "Q8_0", shape: [2, 4, 32] }]);
  });
});
