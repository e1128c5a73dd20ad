// Training against PyTorch (test/fixtures/train): loss and gradients of every parameter, twenty steps of LoRA.

import { describe, expect, it } from "vitest";
import { referenceTraining } from "../../src/devices/reference/training.ts";
import { wasmTraining } from "../../src/devices/wasm/training/device.ts";
import { dequantise } from "../../src/formats/dequantise.ts";
import { floats, readExpected } from "./fixtures.ts";
import { batchOf, farthest, largest, openTraining } from "./training.ts";

const devices = [referenceTraining(dequantise), wasmTraining(dequantise), wasmTraining(dequantise, { plain: true })];

const cases = ["train/qwen2", "train/qwen3", "train/qwen3_5_text", "train/qwen2_moe", "train/qwen3_moe"].map((path) => {
  const lora = readExpected(`${path}/lora_train.safetensors`);
  return {
    ...{ path, ...batchOf(`${path}/batch.safetensors`), lora, full: readExpected(`${path}/full_finetune.safetensors`) },
    adapterNames: [...lora.keys()].filter((name) => name.startsWith("init.")),
  };
});
/** Tensors that each model has. */
const parameters = new Map([
  ["train/qwen2", 27],
  ["train/qwen3", 24],
  ["train/qwen3_5_text", 55],
  ["train/qwen2_moe", 37],
  ["train/qwen3_moe", 26],
]);
/** PyTorch's name of a fixture's tensor as the trace names the weight. */
const traceName = (name: string) => name.replace(/^(init|final)\.base_model\.model\./, "");

describe.each(devices.flatMap((device) => cases.map((data) => ({ name: device.name, device, ...data }))))(
  "training $path on $name",
  ({ device, path, sequences, supervised, full, lora, adapterNames }) => {
    it.each(["most", "residuals"] as const)("has PyTorch's loss and gradients, keeping %s", async (keep) => {
      const { executor } = await openTraining(device, path, { keep });
      const loss = executor.accumulate(sequences, 1 / supervised) / supervised;
      expect(Math.abs(loss - floats(full, "loss")[0])).toBeLessThan(2e-5);
      const names = [...full.keys()].filter((name) => name.startsWith("grad."));
      expect(names.length).toBe(parameters.get(path));
      for (const name of names) {
        const expected = floats(full, name);
        const difference = farthest(executor.read("gradient", name.slice(5)), expected);
        expect(difference, name).toBeLessThan(5e-4 * largest(expected));
      }
      executor.dispose();
    });

    it("follows PyTorch's LoRA for twenty steps", async () => {
      const { executor } = await openTraining(device, path, { lora: { rank: 4, alpha: 8 } });
      for (const name of adapterNames) executor.write("value", traceName(name), floats(lora, name));
      const expected = floats(lora, "losses");
      const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, gradientScale: 1 };
      for (let step = 0; step <= 20; step++) {
        executor.clearGradients();
        const loss = executor.accumulate(sequences, 1 / supervised) / supervised;
        expect(Math.abs(loss - expected[step]), `step ${step}`).toBeLessThan(1e-4);
        if (step < 20) executor.update({ ...adam, step: step + 1 });
      }
      for (const name of adapterNames) {
        const final = floats(lora, name.replace("init.", "final."));
        expect(farthest(executor.read("value", traceName(name)), final), name).toBeLessThan(5e-5);
      }
      executor.dispose();
    });
  },
);
