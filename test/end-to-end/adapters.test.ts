// Adapters as users meet them: the commands that compute with one, merging and converting, and a server with several.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePeftAdapter } from "../../src/formats/peft-adapter.ts";
import { pullNamed } from "../../src/hub/hub.ts";
import { HubServer } from "../../src/hub/testing/hub-server.ts";
import { load } from "../../src/index.ts";
import { createServer, listen } from "../../src/server/index.ts";
import { difference, floats, readExpected } from "../parity/fixtures.ts";
import { anyqwen, fixture, json, succeed } from "./anyqwen.ts";

const base = fixture("train/qwen2");
const adapter = join(base, "adapter");
const input = join(adapter, "expected.safetensors");
const expected = readExpected("train/qwen2/adapter/expected.safetensors");
const reference = ["--device", "reference", "--kv", "f32"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-adapters-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let calls = 0;
async function logits(model: string, ...more: string[]): Promise<Float32Array> {
  const out = join(folder, `logits-${calls++}.safetensors`);
  await succeed(["logits", model, "--input", input, "--out", out, "--kv", "f32", ...more]);
  const file = await readFile(out);
  const start = 8 + Number(file.readBigUInt64LE(0));
  return new Float32Array(new Uint8Array(file.subarray(start)).buffer);
}

const apart = (found: Float32Array, name = "logits") => difference(found, floats(expected, name)).max;

describe("logits", () => {
  it("are PEFT's with the adapter and without, on both devices and two threads", async () => {
    expect(apart(await logits(base, "--adapter", adapter, "--device", "reference"))).toBeLessThan(2e-4);
    const one = await logits(base, "--adapter", adapter, "--threads", "1");
    expect(apart(one)).toBeLessThan(2e-4);
    expect(await logits(base, "--adapter", adapter, "--threads", "2", "--chunk", "5")).toEqual(one);
    expect(apart(await logits(base), "base_logits")).toBeLessThan(2e-4);
  });

  it.each([
    ["another base", fixture("models/qwen3_tied"), adapter, /the adapter was made for another base \(base\)/],
    ["no adapter", base, base, /adapter_config\.json is missing/],
    ["nothing there", base, "./no/such/adapter", /no such file or directory/],
  ])("refuses %s", async (_, model, path, message) => {
    const ids = join(fixture("models/qwen3_tied"), "expected.safetensors");
    const { code, stderr } = await anyqwen(["logits", model, "-i", ids, "-o", join(folder, "x"), "--adapter", path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe("merge", () => {
  it("as safetensors: a folder that gives the adapter's logits by itself", async () => {
    const out = join(folder, "merged");
    await succeed(["merge", base, "--adapter", adapter, "--out", out]);
    expect((await readdir(out)).sort()).toEqual(["config.json", "meta.json", "model.safetensors"]);
    expect(apart(await logits(out, ...reference))).toBeLessThan(2e-4);
    const again = await anyqwen(["merge", base, "--adapter", adapter, "--out", out]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch("the folder is not empty");
    const half = join(folder, "half");
    await succeed(["merge", base, "--adapter", adapter, "--out", half, "--type", "bf16"]);
    const far = apart(await logits(half, ...reference));
    expect(far).toBeGreaterThan(1e-3);
    expect(far).toBeLessThan(1);
  });

  it("as GGUF, from safetensors and from GGUF", async () => {
    const out = join(folder, "merged.gguf");
    const { bytes } = await json<{ bytes: number }>(["merge", base, "--adapter", adapter, "--out", out, "--json"]);
    expect((await readFile(out)).length).toBe(bytes);
    expect(apart(await logits(out, ...reference))).toBeLessThan(2e-4);

    const plain = join(folder, "plain.gguf");
    await succeed(["quantize", base, "--type", "q8_0", "--pure", "--out", plain]);
    const quantised = join(folder, "quantised.gguf");
    await succeed(["merge", plain, "--adapter", adapter, "--out", quantised]);
    const beside = await logits(plain, ...reference, "--adapter", adapter);
    expect(difference(await logits(quantised, ...reference), beside).rms).toBeLessThan(0.05);
    const wide = join(folder, "wide.gguf");
    await succeed(["merge", plain, "--adapter", adapter, "--out", wide, "--type", "f32"]);
    expect(difference(await logits(wide, ...reference), beside).max).toBeLessThan(2e-4);
    const wrong = await anyqwen(["merge", plain, "--adapter", adapter, "--out", join(folder, "no")]);
    expect(wrong.stderr).toMatch("write a .gguf file");
    expect(await readdir(folder)).not.toContain("no");
  });

  it("the adapter alone, to GGUF and back", async () => {
    const gguf = join(folder, "adapter.gguf");
    await succeed(["merge", base, "--adapter", adapter, "--adapter-only", "--out", gguf]);
    const wanted = await logits(base, ...reference, "--adapter", adapter);
    expect(await logits(base, ...reference, "--adapter", gguf)).toEqual(wanted);
    const back = join(folder, "back");
    await succeed(["merge", base, "--adapter", gguf, "--adapter-only", "--out", back]);
    expect(await logits(base, ...reference, "--adapter", back)).toEqual(wanted);
    const idle = await anyqwen(["merge", base, "--adapter", gguf, "--adapter-only", "--type", "f16", "-o", "x.gguf"]);
    expect(idle.stderr).toMatch("--type would do nothing");
  });
});

/** An adapter for the tiny model with a tokenizer, as a folder. */
async function writeAdapter(name: string, seed: number): Promise<string> {
  const noise = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9 + seed));
  const config = JSON.parse(await readFile(join(fixture("models/qwen3_tied"), "config.json"), "utf8"));
  const { hidden_size: width, num_hidden_layers: layers, intermediate_size: inner } = config as Record<string, number>;
  const modules = Array.from(
    { length: layers },
    (_, n) => [`model.layers.${n}.mlp.up_proj`, { a: noise(2 * width), b: noise(inner * 2) }] as const,
  );
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  const adapter = { modules: new Map(modules), rank: 2, alpha: 2, rslora: false };
  for (const [file, bytes] of writePeftAdapter(adapter, { base: "tiny" })) await writeFile(join(path, file), bytes);
  return path;
}

it("run takes an adapter", async () => {
  const model = fixture("models/qwen3_tied");
  const poet = await writeAdapter("poet", 1);
  const ask = ["run", model, "What is it?", "-t", "0", "-n", "12", "--json"];
  const plain = await json<{ tokens: number[] }>(ask);
  const adapted = await json<{ tokens: number[] }>([...ask, "--adapter", poet]);
  expect(adapted.tokens).not.toEqual(plain.tokens);
  const merged = join(folder, "poet-merged");
  await succeed(["merge", model, "--adapter", poet, "--out", merged]);
  expect((await readdir(merged)).sort()).toContain("tokenizer.json");
  expect((await json<{ tokens: number[] }>(["run", merged, ...ask.slice(2)])).tokens).toEqual(adapted.tokens);
});

it("a server lists its adapters, and answers with the one that is asked for, beside the others", async () => {
  const adapters = { poet: await writeAdapter("poet", 1), legal: await writeAdapter("legal", 2) };
  const qwen = await load(fixture("models/qwen3_tied"), {
    adapters,
    contextTokens: 256,
    poolTokens: 4096,
    inProcess: true,
  });
  const server = createServer(qwen, { name: "tiny", log: () => {} });
  const listening = await listen(server);
  try {
    const client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: "none", maxRetries: 0 });
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(["tiny", "tiny+poet", "tiny+legal"]);
    expect((await client.models.retrieve("tiny+legal")).id).toBe("tiny+legal");
    const ask = async (model: string) => {
      const answer = await client.chat.completions.create({
        model,
        messages: [{ role: "user", content: "What is it?" }],
        temperature: 0,
        max_completion_tokens: 12,
      });
      return { model: answer.model, text: answer.choices[0].message.content };
    };
    const alone = [await ask("tiny"), await ask("tiny+poet"), await ask("tiny+legal")];
    expect(alone.map(({ model }) => model)).toEqual(ids);
    expect(new Set(alone.map(({ text }) => text)).size).toBe(3);
    expect(await Promise.all(["tiny", "tiny+poet", "default+legal"].map(ask))).toEqual(alone);
    const vector = async (model: string) => (await client.embeddings.create({ model, input: "x" })).data[0].embedding;
    expect(await vector("tiny+poet")).not.toEqual(await vector("tiny"));
    await expect(ask("tiny+other")).rejects.toThrow("this server has tiny, tiny+poet, tiny+legal");
    await qwen.removeAdapter("poet");
    await expect(ask("tiny+poet")).rejects.toThrow("there is no model");
    await qwen.addAdapter("poet", adapters.poet);
    expect(await ask("tiny+poet")).toEqual(alone[1]);
  } finally {
    await listening.close();
    await qwen.close();
  }
});

it("an answer with an adapter goes on with it when the server switches; the next model has none", async () => {
  const small = { contextTokens: 256, poolTokens: 4096, inProcess: true, device: "reference" } as const;
  const source = fixture("models/qwen3_tied");
  const hub = await new HubServer().start();
  hub.add("Qwen/Qwen3-0.6B-GGUF", { "Qwen3-0.6B-Q8_0.gguf": await readFile(fixture("gguf/qwen2_tied-q8_0.gguf")) });
  const from = { endpoint: hub.url, cache: join(folder, "cache") };
  await pullNamed("qwen3:0.6b", from);
  const qwen = await load(source, { ...small, adapters: { poet: await writeAdapter("poet", 1) } });
  const models = { source, load: (path: string) => load(path, small), hub: from };
  const server = createServer(qwen, { name: "tiny", log: () => {}, models });
  const post = (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    return server.fetch(
      new Request(`http://localhost${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
    );
  };
  const long = { model: "tiny+poet", prompt: "a", temperature: 0, max_tokens: 100, ignore_eos: true };
  try {
    const alone = (await (await post("/v1/completions", long)).json()).choices[0].text;
    const streamed = await post("/v1/completions", { ...long, stream: true });
    expect((await post("/api/models/serve", { model: "qwen3:0.6b-q8_0" })).status).toBe(200);
    const events = (await streamed.text()).match(/(?<=^data: )\{.*\}$/gm)?.map((line) => JSON.parse(line)) ?? [];
    expect(new Set(events.map(({ model }) => model))).toEqual(new Set(["tiny+poet"]));
    expect(events.map(({ choices }) => choices[0]?.text ?? "").join("")).toBe(alone);
    expect((await post("/v1/completions", long)).status).toBe(404);
  } finally {
    await server.close();
    await hub.stop();
  }
});

it("serve refuses what is no adapter flag", async () => {
  for (const flag of ["./dir", "a b=./dir", "a="]) {
    const { code, stderr } = await anyqwen(["serve", base, "--adapter", flag]);
    expect(code).toBe(2);
    expect(stderr).toMatch("is not of the form name=dir");
  }
});
