// anyqwen train for hybrids and mixtures of experts: what was trained gives, when it runs, the loss that training measured last.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOfArray, writeSafetensors } from "../../src/formats/safetensors-file.ts";
import { fixture, json, succeed } from "./anyqwen.ts";

/** Longer than a chunk of the delta net's. */
const ids = Array.from({ length: 90 }, (_, i) => (i * 37) % 101);
let folder: string;
let data: string;
let input: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-families-"));
  data = join(folder, "data.jsonl");
  await writeFile(data, `${JSON.stringify({ input_ids: ids })}\n`);
  input = join(folder, "input.safetensors");
  const tensor = { dtype: "I32", shape: [ids.length], data: bytesOfArray(Int32Array.from(ids)) } as const;
  await writeFile(input, writeSafetensors(new Map([["input_ids", tensor]])));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Mean loss of the next tokens by the logits that the model gives. */
async function lossOf(model: string, ...more: string[]): Promise<number> {
  const out = join(folder, "logits.safetensors");
  await succeed(["logits", model, "--input", input, "--out", out, "--kv", "f32", ...more]);
  const file = await readFile(out);
  const logits = new Float32Array(new Uint8Array(file.subarray(8 + Number(file.readBigUInt64LE(0)))).buffer);
  const vocab = logits.length / ids.length;
  let sum = 0;
  for (let row = 0; row + 1 < ids.length; row++) {
    const values = [...logits.subarray(row * vocab, (row + 1) * vocab)];
    const largest = Math.max(...values);
    sum += largest + Math.log(values.reduce((s, x) => s + Math.exp(x - largest), 0)) - values[ids[row + 1]];
  }
  return sum / (ids.length - 1);
}

const train = (model: string, out: string, ...more: string[]) =>
  json<{ firstLoss: number; validationLoss: number }>([
    ...["train", model, "--data", data, "--validation", data, "--out", out, "--threads", "2", "--json"],
    ...["--schedule", "constant", ...more],
  ]);

describe("anyqwen train", () => {
  it.each([
    "train/qwen3_5_text",
    "models/qwen3_next",
    "models/qwen3_5_moe_text",
    "models/qwen2_moe",
    "models/qwen3_moe",
  ])("makes an adapter of %s", async (path) => {
    const out = join(folder, path.replace("/", "-"));
    const result = await train(fixture(path), out, "--steps", "12", "--lr", "0.01");
    expect(result.validationLoss).toBeLessThan(0.7 * result.firstLoss);
    const loss = await lossOf(fixture(path), "--adapter", out);
    expect(Math.abs(loss - result.validationLoss)).toBeLessThan(1e-3);
  });

  it.each(["train/qwen3_5_text", "models/qwen3_next", "train/qwen2_moe"])("trains all of %s", async (path) => {
    const out = join(folder, `full-${path.replace("/", "-")}`);
    const result = await train(fixture(path), out, "--method", "full", "--steps", "12", "--lr", "0.003");
    expect(result.validationLoss).toBeLessThan(0.7 * result.firstLoss);
    expect(Math.abs((await lossOf(out)) - result.validationLoss)).toBeLessThan(1e-3);
  });

  it.each(["models/qwen3_5_moe_text", "train/qwen3_5_text"])("trains the like of %s from scratch", async (path) => {
    const [config, out] = [
      join(folder, `config-${path.replace("/", "-")}`),
      join(folder, `new-${path.replace("/", "-")}`),
    ];
    await mkdir(config);
    await writeFile(join(config, "config.json"), await readFile(join(fixture(path), "config.json")));
    const result = await train(config, out, "--method", "scratch", "--steps", "60", "--lr", "0.01");
    expect(result.firstLoss).toBeGreaterThan(5);
    expect(result.validationLoss).toBeLessThan(0.5 * result.firstLoss);
    expect(Math.abs((await lossOf(out)) - result.validationLoss)).toBeLessThan(1e-3);
  });
});
