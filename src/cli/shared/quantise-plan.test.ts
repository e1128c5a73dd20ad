import { describe, expect, it } from "vitest";
import type { StoredTensor } from "../../core/storage.ts";
import { parseTarget, plannedType, targetNames } from "./quantise-plan.ts";

function tensor(name: string, ...shape: number[]): StoredTensor {
  return { name, type: "F16", shape, byteLength: 0, read: async () => {} };
}

function planned(
  type: string,
  name: string,
  shape: number[],
  options: { ownHead?: boolean; pure?: boolean } = {},
): string {
  const target = parseTarget(type);
  if (!target) throw new Error(`no ${type}`);
  return plannedType(tensor(name, ...shape), target, { layers: 24, ownHead: false, ...options });
}

describe("plannedType", () => {
  it("leaves vectors, norms, biases and routers alone", () => {
    for (const name of ["blk.0.attn_norm.weight", "blk.0.attn_q.bias", "output_norm.weight"]) {
      expect(planned("q4_0", name, [1024])).toBe("F16");
    }
    expect(planned("q4_0", "blk.0.ffn_gate_inp.weight", [64, 1024])).toBe("F16");
    expect(planned("q4_0", "blk.0.ffn_gate_exps.weight", [8, 512, 1024])).toBe("Q4_0");
  });

  it("keeps more bits in the head, be it the embedding table or not, unless pure", () => {
    expect(planned("q4_0", "token_embd.weight", [151936, 1024])).toBe("Q6_K");
    expect(planned("q4_0", "output.weight", [151936, 896])).toBe("Q8_0");
    expect(planned("q4_0", "token_embd.weight", [151936, 896], { ownHead: true })).toBe("Q4_0");
    expect(planned("q8_0", "token_embd.weight", [151936, 1024])).toBe("Q8_0");
    expect(planned("q4_0", "token_embd.weight", [151936, 1024], { pure: true })).toBe("Q4_0");
  });

  it("mixes as llama.cpp does for _M: first and last eighth, and every third layer", () => {
    const down = (layer: number) => planned("q4_k_m", `blk.${layer}.ffn_down.weight`, [1024, 3072]);
    const finer = Array.from({ length: 24 }, (_, i) => i).filter((i) => down(i) === "Q6_K");
    expect(finer).toEqual([0, 1, 2, 5, 8, 11, 14, 17, 20, 21, 22, 23]);
    expect(planned("q4_k_m", "blk.0.ffn_up.weight", [3072, 1024])).toBe("Q4_K");
    expect(planned("q4_k_s", "blk.0.ffn_down.weight", [1024, 3072])).toBe("Q4_K");
  });

  it("stands in where rows are not whole blocks", () => {
    expect(planned("q4_k", "blk.3.ffn_up.weight", [4864, 896])).toBe("Q5_0");
    expect(planned("q6_k", "blk.3.ffn_up.weight", [4864, 896])).toBe("Q8_0");
    expect(planned("iq4_xs", "blk.3.ffn_up.weight", [4864, 896])).toBe("IQ4_NL");
    expect(planned("iq4_xs", "blk.3.ffn_up.weight", [4864, 1024])).toBe("IQ4_XS");
    expect(planned("q4_0", "blk.3.ffn_up.weight", [64, 48])).toBe("F16");
  });
});

describe("parseTarget", () => {
  it("knows names in any case and no others", () => {
    expect(parseTarget("Q4_K_M")).toMatchObject({ base: "Q4_K", mixed: true, fileType: 15 });
    expect(parseTarget("q9_0")).toBeUndefined();
    expect(targetNames).toContain("mxfp4");
  });
});
