// The same checkpoints from GGUF files: the f32 file against the checkpoint's logits, f16 and q8_0 against the dequantised weights'.

import { describe, test } from "vitest";
import { devices } from "./devices.ts";
import { expectClose, f32Tolerance, floats, ids, readExpected } from "./fixtures.ts";
import { load, prefill } from "./harness.ts";

const cases = [
  { name: "qwen2_tied", type: "f32" },
  { name: "qwen2_tied", type: "f16" },
  { name: "qwen2_tied", type: "q8_0" },
  { name: "qwen3_tied", type: "f16" },
  { name: "qwen3_moe", type: "f16" },
  { name: "qwen3_5_text", type: "f32" },
  { name: "qwen3_5_text", type: "f16" },
  { name: "qwen3_5_text", type: "q8_0" },
  { name: "qwen3_5_mtp", type: "f32" },
];

describe.each(devices)("$name", (device) => {
  const expected = readExpected("gguf/expected.safetensors");

  test.each(cases)("$name-$type.gguf", async ({ name, type }) => {
    const { executor } = await load(device, `gguf/${name}-${type}.gguf`);
    const logits = prefill(executor, executor.createState(), ids(expected, `${name}.input_ids`));
    const truth =
      type === "f32"
        ? floats(readExpected(`models/${name}/expected.safetensors`), "logits")
        : floats(expected, `${name}.${type}.logits`);
    const tolerance = device.tolerance(f32Tolerance(`models/${name}/meta.json`, "logits"), type === "q8_0");
    // A delta net adds up what int8 activations lose; llama.cpp is as far away (fixtures/README.md).
    const lossy = type === "q8_0" && name.startsWith("qwen3_5") && device.activations === "int8";
    expectClose(logits, truth, lossy ? { max: 3, rms: 0.45 } : tolerance);
  });
});
