// Every open checkpoint of the decoder families, from safetensors: logits, hidden states, chunked prefill and greedy decoding.

import { describe, expect, test } from "vitest";
import { devices } from "./devices.ts";
import { expectClose, f32Tolerance, floats, ids, readExpected } from "./fixtures.ts";
import { argmax, decode, load, prefill } from "./harness.ts";

const cases = [
  "qwen2_tied",
  "qwen2_untied",
  "qwen2_swa",
  "qwen2_moe",
  "qwen3_tied",
  "qwen3_yarn",
  "qwen3_bf16",
  "qwen3_moe",
  "qwen3_moe_mixed",
  "qwen3_next",
  "qwen3_5_text",
  "qwen3_5_moe_text",
  "qwen3_5_moe_full",
  "qwen3_5_mtp",
];

describe.each(devices)("$name", (device) => {
  describe.each(cases)("%s", (name) => {
    const path = `models/${name}`;
    const expected = readExpected(`${path}/expected.safetensors`);
    const prompt = ids(expected, "input_ids");
    const tolerance = (tensor: string) => device.tolerance(f32Tolerance(`${path}/meta.json`, tensor), false);

    test("logits, the same bits in one chunk and in chunks of 7 and 1", async () => {
      const { executor } = await load(device, path);
      const whole = prefill(executor, executor.createState(), prompt);
      expectClose(whole, floats(expected, "logits"), tolerance("logits"));
      for (const chunk of [7, 1]) expect(prefill(executor, executor.createState(), prompt, chunk)).toEqual(whole);
    });

    test("the last row alone, after a prompt of many", async () => {
      const { executor } = await load(device, path, { maxRows: 2 });
      executor.step([{ state: executor.createState(), tokens: prompt, rows: [prompt.length - 1] }]);
      const cols = floats(expected, "logits").length / prompt.length;
      expectClose(executor.read("logits"), floats(expected, "logits").subarray(-cols), tolerance("logits"));
    });

    test("hidden states", async () => {
      const { executor, model } = await load(device, path, { hidden: true });
      executor.step([{ state: executor.createState(), tokens: prompt, rows: [] }]);
      const hidden = floats(expected, "hidden_states");
      const { layers, hiddenSize } = model.config;
      const size = prompt.length * hiddenSize;
      expect(hidden.length).toBe((layers + 1) * size);
      for (let i = 0; i <= layers; i++) {
        expectClose(
          executor.read(`hidden.${i}`),
          hidden.subarray(i * size, (i + 1) * size),
          tolerance("hidden_states"),
        );
      }
    });

    test("greedy decoding", async () => {
      const { executor, model } = await load(device, path);
      const { vocabSize } = model.config;
      const greedy = ids(expected, "greedy_ids");
      const expectedLogits = floats(expected, "decode_logits");
      const state = executor.createState();
      let logits: Float32Array = prefill(executor, state, prompt).slice(-vocabSize);
      greedy.forEach((id, i) => {
        expect(argmax(logits)).toBe(id);
        logits = decode(executor, state, id);
        const row = expectedLogits.subarray(i * vocabSize, (i + 1) * vocabSize);
        expectClose(logits, row, tolerance("decode_logits"));
      });
    });
  });
});
