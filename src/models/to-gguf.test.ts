import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ggufPieces } from "../formats/gguf-write.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { openCheckpoint } from "../formats/open-checkpoint.ts";
import { loadTokenizer } from "../text/load-tokenizer.ts";
import { openModel } from "./open.ts";
import { toGguf } from "./to-gguf.ts";

const fixture = (path: string) => fileURLToPath(new URL(`../../test/fixtures/${path}`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-gguf-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(path: string) {
  const files = await nodeFiles(path);
  return { files, checkpoint: await openCheckpoint(files) };
}

/** The model written as GGUF and opened again. */
async function written(path: string) {
  const before = await open(path);
  const { metadata, tensors } = await toGguf(before.files, before.checkpoint);
  const file = join(folder, `${path.split("/").at(-1)}.gguf`);
  const pieces: Uint8Array[] = [];
  for await (const piece of ggufPieces(metadata, tensors)) pieces.push(piece);
  await writeFile(file, Buffer.concat(pieces));
  return { before, after: await open(file) };
}

const f32 = (value: number) => Math.fround(value);

describe("toGguf", () => {
  it.each([
    "qwen2_tied",
    "qwen2_untied",
    "qwen2_swa",
    "qwen2_moe",
    "qwen3_tied",
    "qwen3_yarn",
    "qwen3_moe",
    "qwen3_moe_mixed",
    "qwen3_next",
    "qwen3_5_text",
    "qwen3_5_moe_text",
    "qwen3_5_moe_full",
  ])("%s keeps its configuration and every weight", async (name) => {
    const { before, after } = await written(fixture(`models/${name}`));
    const [a, b] = [openModel(before.checkpoint), openModel(after.checkpoint)];
    const { rope, rmsNormEps, ...rest } = b.config;
    const { rope: ropeBefore, rmsNormEps: epsBefore, ...expected } = a.config;
    expect(rest).toEqual(expected);
    expect(rope.dimensions).toBe(ropeBefore.dimensions);
    expect(rounded(rope.scaling)).toEqual(rounded(ropeBefore.scaling));
    expect(rmsNormEps).toBe(f32(epsBefore));
    expect(rope.theta).toBe(f32(ropeBefore.theta));
    const [x, y] = [a.weights(a.trace()), b.weights(b.trace())];
    expect(y.map(({ weight }) => weight.name)).toEqual(x.map(({ weight }) => weight.name));
    for (const [i, { parts }] of x.entries()) {
      if (parts[0].type !== y[i].parts[0].type) continue; // norms are widened
      if (x[i].weight.name.endsWith(".A_log") || (a.config.delta && x[i].weight.name.endsWith("norm.weight"))) {
        // another value is stored, and rounded
        const [stored, back] = [await floatsOf(parts), await floatsOf(y[i].parts)];
        for (const [n, value] of stored.entries()) expect(back[n]).toBeCloseTo(value, 6);
        continue;
      }
      expect((await bytesOf(y[i].parts)).equals(await bytesOf(parts)), x[i].weight.name).toBe(true);
    }
    await before.checkpoint.close();
    await after.checkpoint.close();
  });

  it("writes a hybrid as llama.cpp's converter does, tensor by tensor", async () => {
    const { before, after } = await written(fixture("models/qwen3_5_text"));
    const { checkpoint: theirs } = await open(fixture("gguf/qwen3_5_text-f32.gguf"));
    expect([...after.checkpoint.tensors.keys()].sort()).toEqual([...theirs.tensors.keys()].sort());
    for (const [name, tensor] of theirs.tensors) {
      const ours = after.checkpoint.tensors.get(name)!;
      expect([name, ours.type, ours.shape]).toEqual([name, tensor.type, tensor.shape]);
      const [a, b] = [await floatsOf([ours]), await floatsOf([tensor])];
      // e^x is no correctly rounded function
      expect(
        a.every((value, n) => (name.endsWith("ssm_a") ? Math.abs(value - b[n]) <= 1e-6 * -value : value === b[n])),
        name,
      ).toBe(true);
    }
    for (const [key, value] of theirs.metadata)
      if (/^qwen35\.(ssm|attention|rope|block|full)/.test(key) && key !== "qwen35.full_attention_interval")
        expect([key, after.checkpoint.metadata.get(key)]).toEqual([key, value]);
    for (const { checkpoint } of [before, after]) await checkpoint.close();
    await theirs.close();
  });

  it("keeps the tokenizer", async () => {
    const { before, after } = await written(fixture("models/qwen3_tied"));
    const [a, b] = [await loadTokenizer(before), await loadTokenizer({ checkpoint: after.checkpoint })];
    const text = "The quick brown fox's 123 tokens.\n\n  <|im_start|>user 世界";
    for (const special of ["all", "nonspecial", "none"] as const) {
      expect(b?.encode(text, special)).toEqual(a?.encode(text, special));
    }
    expect(after.checkpoint.metadata.get("tokenizer.ggml.eos_token_id")).toBe(a?.idOf("<|im_end|>"));
    await before.checkpoint.close();
    await after.checkpoint.close();
  });

  it("leaves GGUF as it is", async () => {
    const { before, after } = await written(fixture("gguf/qwen3_tied-f16.gguf"));
    expect([...after.checkpoint.metadata]).toEqual([...before.checkpoint.metadata]);
    expect([...after.checkpoint.tensors.keys()]).toEqual([...before.checkpoint.tensors.keys()]);
    await before.checkpoint.close();
    await after.checkpoint.close();
  });
});

/** GGUF keeps numbers in f32. */
function rounded(object: object): object {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      typeof value === "number" ? Number(value.toPrecision(6)) : value,
    ]),
  );
}

async function floatsOf(parts: Parameters<typeof bytesOf>[0]): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await bytesOf(parts)).buffer);
}

async function bytesOf(
  parts: readonly { byteLength: number; read(offset: number, into: Uint8Array): Promise<void> }[],
) {
  const all = await Promise.all(
    parts.map(async (part) => {
      const bytes = new Uint8Array(part.byteLength);
      await part.read(0, bytes);
      return bytes;
    }),
  );
  return Buffer.concat(all);
}
