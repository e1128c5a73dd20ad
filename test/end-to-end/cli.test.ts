// Every command as a user calls it, on tiny checkpoints: what it prints, how it ends, and that its figures are right.

import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeSource } from "../../src/formats/node-files.ts";
import { bytesOfArray, readBytes, readSafetensors, writeSafetensors } from "../../src/formats/safetensors-file.ts";
import { HubServer } from "../../src/hub/testing/hub-server.ts";
import { anyqwen, cliPath, fixture, json, succeed } from "./anyqwen.ts";

const model = fixture("models/qwen3_tied");
const reference = ["--device", "reference"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-e2e-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function floats(path: string, name: string): Promise<{ values: Float32Array; shape: readonly number[] }> {
  const source = await nodeSource(path);
  try {
    const entry = (await readSafetensors(source)).get(name);
    if (!entry) throw new Error(`${path}: no ${name}`);
    return { values: new Float32Array((await readBytes(entry)).buffer), shape: entry.shape };
  } finally {
    await source.close();
  }
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} and ${b.length} values`);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

describe("how it is called", () => {
  it("prints its version, help with examples, and the right exit codes", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await succeed(["--version"])).toBe(`${version}\n`);
    const help = await succeed(["--help"]);
    const commands = [...help.matchAll(/^ {2}([a-z]+) +\w/gm)].map((match) => match[1]);
    expect(commands).toContain("bench");
    for (const name of commands) {
      if (name === "help") continue;
      expect(await succeed([name, "--help"]), name).toContain(`Examples:`);
    }
    for (const wrong of [["frob"], ["run"], ["run", "x", "--bogus"], ["run", model, "x", "--temperature", "-1"]]) {
      const { code, stdout, stderr } = await anyqwen(wrong);
      expect([code, stdout], wrong.join(" ")).toEqual([2, ""]);
      expect(stderr).toMatch(/^error: /);
    }
  });

  it("says what is wrong in one line, without a stack", async () => {
    const { code, stdout, stderr } = await anyqwen(["run", "./no/such/model.gguf", "hi"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: .*no\/such\/model\.gguf.*\n$/);
    const debugged = await anyqwen(["run", "./no/such/model.gguf", "hi"], { env: { ANYQWEN_DEBUG: "1" } });
    expect(debugged.stderr).toContain("    at ");
  });
});

describe("logits", () => {
  it.each(["reference", "wasm"])("on %s are the fixture's", async (device) => {
    const input = join(model, "expected.safetensors");
    const out = join(folder, `${device}.safetensors`);
    await succeed([
      "logits",
      model,
      "-i",
      input,
      "-o",
      out,
      "--hidden",
      "--kv",
      "f32",
      "--device",
      device,
      "--chunk",
      "7",
    ]);
    for (const name of ["logits", "hidden_states"]) {
      const [found, expected] = [await floats(out, name), await floats(input, name)];
      expect(found.shape).toEqual(expected.shape);
      expect(largestDifference(found.values, expected.values)).toBeLessThan(2e-4);
    }
  });

  it("take ids of 64 bits, and say what is missing", async () => {
    const ids = { dtype: "I64", shape: [1, 3], data: bytesOfArray(BigInt64Array.from([5n, 6n, 7n])) } as const;
    const input = join(folder, "ids.safetensors");
    await writeFile(input, writeSafetensors(new Map([["input_ids", ids]])));
    const out = join(folder, "logits.safetensors");
    await succeed(["logits", model, "-i", input, "-o", out, ...reference]);
    expect((await floats(out, "logits")).shape).toEqual([3, 320]);
    const { code, stderr } = await anyqwen([
      "logits",
      model,
      "-i",
      join(model, "model.safetensors"),
      "-o",
      out,
      ...reference,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("no input_ids");
  });
});

interface RunJson {
  readonly text: string;
  readonly tokens: number[];
  readonly reason: string;
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number };
  readonly timings: { readonly decodePerSecond: number };
}

describe("run", () => {
  const greedy = ["--raw", "-t", "0", "-n", "12", "--ignore-eos", ...reference];

  it("gives the same answer as text, as JSON, from an argument, a file and a pipe", async () => {
    const answer = await json<RunJson>(["run", model, "the rain", ...greedy, "--json"]);
    expect(answer.tokens).toHaveLength(12);
    expect(answer.reason).toBe("length");
    expect(answer.usage.completionTokens).toBe(12);
    expect(answer.timings.decodePerSecond).toBeGreaterThan(0);
    const ids = answer.tokens.map(String);
    expect((await json<{ text: string }>(["detokenize", model, ...ids, "--json"])).text).toBe(answer.text);
    expect(await succeed(["run", model, "the rain", ...greedy])).toBe(`${answer.text}\n`);
    const file = join(folder, "prompt.txt");
    await writeFile(file, "the rain");
    expect((await json<RunJson>(["run", model, "--prompt-file", file, ...greedy, "--json"])).tokens).toEqual(
      answer.tokens,
    );
    const piped = await json<RunJson>(["run", model, ...greedy, "--json"], { input: "the rain" });
    expect(piped.tokens).toEqual(answer.tokens);
  });

  it("answers through the chat template", async () => {
    const answer = await json<RunJson>(["run", model, "hi", "-n", "3", "--ignore-eos", ...reference, "--json"]);
    expect(answer.tokens).toHaveLength(3);
    expect(answer.usage.promptTokens).toBeGreaterThan(5);
  });

  it("ends with 130 when it is interrupted, and quietly when its reader goes", async () => {
    const endless = ["run", model, "x", "--raw", "--ignore-eos", "-n", "100000", "--ctx", "512", ...reference];
    const stopped = await anyqwen(endless, { interrupt: (stdout) => (stdout.length > 5 ? "SIGINT" : undefined) });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toBe("interrupted\n");
    const child = spawn(process.execPath, [cliPath, ...endless]);
    child.stdout.once("data", () => child.stdout.destroy());
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(stderr).toBe("");
  });
});

describe("tokenize and detokenize", () => {
  it("give the fixture's ids and their text, line by line", async () => {
    const cases: { text: string; ids: number[] }[] = JSON.parse(
      await readFile(join(model, "tokenizer_cases.json"), "utf8"),
    );
    const input = cases.map(({ text }) => `${JSON.stringify({ text })}\n`).join("");
    const out = await succeed(["tokenize", join(model, "tokenizer.json"), "--jsonl"], { input });
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).ids)).toEqual(cases.map(({ ids }) => ids));
    const back = await succeed(["detokenize", model, "--jsonl"], { input: out });
    const texts = back
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).text);
    expect(texts).toEqual(cases.map(({ text }) => text.normalize("NFC")));
  });

  it("parse added tokens only as asked", async () => {
    const lines = (["all", "nonspecial", "none"] as const).map((special) =>
      JSON.stringify({ text: "<|im_end|>", special }),
    );
    const out = await succeed(["tokenize", model, "--jsonl"], { input: lines.join("\n") });
    const counts = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).ids.length);
    expect(counts[0]).toBe(1);
    expect(counts[1]).toBeGreaterThan(1);
    expect(counts[2]).toBe(counts[1]);
    const { code, stderr } = await anyqwen(["tokenize", model, "--jsonl"], { input: '{"text":"a"}\n{"text":1}\n' });
    expect(code).toBe(1);
    expect(stderr).toContain('stdin line 2: "text" should be a string, found 1');
  });
});

describe("template", () => {
  it("renders the fixture's conversations", async () => {
    const { conversations, renders } = JSON.parse(await readFile(fixture("templates/renders.json"), "utf8"));
    const wanted = renders.filter(
      (render: { template: string; conversation: string; kwargs: object }) =>
        render.template === "qwen3-0.6b" && ["unicode", "tools_only"].includes(render.conversation),
    );
    expect(wanted.length).toBeGreaterThan(3);
    for (const { conversation, add_generation_prompt, kwargs, rendered } of wanted) {
      const args = ["template", fixture("templates/qwen3-0.6b.jinja"), "--input", "-"];
      if (!add_generation_prompt) args.push("--no-generation-prompt");
      for (const [name, value] of Object.entries(kwargs)) args.push("--var", `${name}=${JSON.stringify(value)}`);
      expect(await succeed(args, { input: JSON.stringify(conversations[conversation]) })).toBe(rendered);
    }
  });

  it("takes thinking switches, and a model", async () => {
    const input = JSON.stringify([{ role: "user", content: "hi" }]);
    const args = ["template", fixture("templates/qwen3-0.6b.jinja")];
    expect(await succeed([...args, "--no-think"], { input })).toContain("<think>\n\n</think>");
    expect(await succeed([...args, "--think"], { input })).not.toContain("<think>");
    expect(await succeed(["template", model], { input })).toContain("<|im_start|>user\nhi<|im_end|>");
  });
});

describe("inspect", () => {
  it("says what the model is and what it will need", async () => {
    const found = await json<{ architecture: string; memory: { kvBytes: number; weightBytes: number } }>([
      ...["inspect", model, "--ctx", "256", "--kv", "f32", "--json"],
    ]);
    expect(found.architecture).toBe("qwen3");
    // 3 layers, K and V, 2 heads of 32, 4 bytes.
    expect(found.memory.kvBytes).toBe(256 * 3 * 2 * 2 * 32 * 4);
    const text = await succeed(["inspect", fixture("gguf/qwen3_tied-f16.gguf"), "--tensors", "--metadata"]);
    expect(text).toMatch(/general\.architecture +qwen3/);
    expect(text).toMatch(/blk\.0\.ffn_down\.weight +F16 +64 x 96 +12\.0 KiB/);
  });

  it("writes one tensor's values, from GGUF as from safetensors", async () => {
    const [a, b] = [join(folder, "a.safetensors"), join(folder, "b.safetensors")];
    await succeed(["inspect", fixture("gguf/qwen2_tied-f32.gguf"), "--tensor", "blk.1.ffn_down.weight", "--out", a]);
    const name = "model.layers.1.mlp.down_proj.weight";
    await succeed(["inspect", fixture("models/qwen2_tied"), "--tensor", name, "--out", b]);
    const [x, y] = [await floats(a, "blk.1.ffn_down.weight"), await floats(b, name)];
    expect(x.shape).toEqual(y.shape);
    expect(largestDifference(x.values, y.values)).toBe(0);
    const { code, stderr } = await anyqwen(["inspect", model, "--tensor", "blk.0", "--out", a]);
    expect(code).toBe(1);
    expect(stderr).toContain("no tensor blk.0; nearest are");
  });
});

describe("quantize", () => {
  it("writes a file that loads and predicts nearly the same", async () => {
    const source = fixture("gguf/qwen2_tied-f16.gguf");
    const out = join(folder, "q8.gguf");
    const { types } = await json<{ types: Record<string, number> }>([
      "quantize",
      source,
      "-t",
      "q8_0",
      "-o",
      out,
      "--json",
    ]);
    expect(types.Q8_0).toBeGreaterThan(10);
    const text = join(folder, "numbers.txt");
    await writeFile(text, Array.from({ length: 200 }, (_, i) => `${i} `).join(""));
    const args = ["compare", source, out, text, "-w", "64", "--windows", "2", ...reference, "--json"];
    const figures = await json<{ meanKl: number; top1Agreement: number; tokens: number }>(args);
    expect(figures.tokens).toBe(62);
    expect(figures.meanKl).toBeGreaterThan(0);
    expect(figures.meanKl).toBeLessThan(0.05);
    expect(figures.top1Agreement).toBeGreaterThan(0.8);
  });

  it("takes safetensors", async () => {
    const out = join(folder, "tiny.gguf");
    await succeed(["quantize", model, "-t", "f32", "-o", out]);
    const [input, logits] = [join(model, "expected.safetensors"), join(folder, "gguf-logits.safetensors")];
    await succeed(["logits", out, "-i", input, "-o", logits, "--kv", "f32", ...reference]);
    const [found, expected] = [await floats(logits, "logits"), await floats(input, "logits")];
    expect(largestDifference(found.values, expected.values)).toBeLessThan(2e-4);
  });

  it("leaves nothing behind when it cannot write", async () => {
    const before = await readdir(folder);
    const out = join(folder, "none", "x.gguf");
    const { code, stderr } = await anyqwen(["quantize", fixture("gguf/qwen2_tied-f16.gguf"), "-t", "q4_0", "-o", out]);
    expect(code).toBe(1);
    expect(stderr).toContain(out);
    expect(await readdir(folder)).toEqual(before);
    expect((await anyqwen(["quantize", model, "-t", "q9_0", "-o", out])).code).toBe(2);
  });
});

describe("perplexity", () => {
  it("is what the logits say", async () => {
    const text = join(folder, "text.txt");
    await writeFile(text, "the quick brown fox jumps over the lazy dog ".repeat(8));
    const args = ["perplexity", model, text, "-w", "32", "--windows", "2", ...reference, "--kv", "f32"];
    const found = await json<{ perplexity: number; tokens: number }>([...args, "--json"]);
    expect(found.tokens).toBe(2 * 15);
    const ids: number[] = JSON.parse(await succeed(["tokenize", model, "-i", text]));
    let sum = 0;
    for (const window of [ids.slice(0, 32), ids.slice(32, 64)]) {
      const [input, out] = [join(folder, "w.safetensors"), join(folder, "wl.safetensors")];
      const tensor = { dtype: "I32", shape: [32], data: bytesOfArray(Int32Array.from(window)) } as const;
      await writeFile(input, writeSafetensors(new Map([["input_ids", tensor]])));
      await succeed(["logits", model, "-i", input, "-o", out, ...reference, "--kv", "f32"]);
      const { values } = await floats(out, "logits");
      for (let i = 17; i < 32; i++) {
        const row = values.subarray((i - 1) * 320, i * 320);
        sum += Math.log(row.reduce((total, x) => total + Math.exp(x), 0)) - row[window[i]];
      }
    }
    expect(found.perplexity / Math.exp(sum / 30)).toBeCloseTo(1, 4);
    expect(await succeed(args)).toMatch(
      /^1\/2 {2}[\d.]+\n2\/2 {2}[\d.]+\nperplexity [\d.]+ ± [\d.]+ over 30 tokens\n$/,
    );
  });
});

describe("embed", () => {
  it("gives the fixture's vectors for ids", async () => {
    const name = fixture("embed/qwen3_embedding");
    const source = await nodeSource(join(name, "expected.safetensors"));
    const tensors = await readSafetensors(source);
    const lines: string[] = [];
    for (let i = 0; tensors.has(`input_ids.${i}`); i++) {
      const entry = tensors.get(`input_ids.${i}`);
      if (entry) lines.push(JSON.stringify({ ids: Array.from(new Int32Array((await readBytes(entry)).buffer)) }));
    }
    await source.close();
    expect(lines.length).toBeGreaterThan(1);
    const [input, out] = [join(folder, "ids.jsonl"), join(folder, "vectors.safetensors")];
    await writeFile(input, lines.join("\n"));
    await succeed(["embed", name, "-i", input, "-o", out, ...reference, "--kv", "f32"]);
    const [found, expected] = [
      await floats(out, "embeddings"),
      await floats(join(name, "expected.safetensors"), "embeddings"),
    ];
    expect(found.shape).toEqual(expected.shape);
    expect(largestDifference(found.values, expected.values)).toBeLessThan(1e-5);
  });
});

describe("rerank", () => {
  it("orders documents, more than a batch of them, by what each gives alone", async () => {
    const copy = join(folder, "reranker");
    await cp(model, copy, { recursive: true });
    // "yes" and "no" have to be single tokens; the ids after the added tokens are free.
    const tokenizer = JSON.parse(await readFile(join(model, "tokenizer.json"), "utf8"));
    const { vocab, merges } = tokenizer.model;
    for (const [left, right] of [
      ["y", "e"],
      ["ye", "s"],
      ["n", "o"],
    ]) {
      vocab[left + right] ??= Object.keys(vocab).length + 12;
      merges.push([left, right]);
    }
    await writeFile(join(copy, "tokenizer.json"), JSON.stringify(tokenizer));
    const documents = Array.from({ length: 20 }, (_, i) => `document ${i * 7}`);
    const args = ["rerank", copy, "which?", ...documents, ...reference, "--kv", "f32", "--json"];
    const lines = (await succeed(args))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ index }) => index).sort((a, b) => a - b)).toEqual(documents.map((_, i) => i));
    for (const [i, { index, score, text }] of lines.entries()) {
      expect(text).toBe(documents[index]);
      if (i > 0) expect(score).toBeLessThanOrEqual(lines[i - 1].score);
    }
    const last = lines[19];
    const alone = await json<{ score: number }>(["rerank", copy, "which?", last.text, ...args.slice(23)]);
    expect(alone.score).toBe(last.score);
  });
});

describe("bench", () => {
  it("prints a table, and JSON with what the figures rest on", async () => {
    const args = ["bench", model, "-p", "32", "-g", "8", "-r", "2", "--threads", "1", ...reference];
    expect(await succeed(args)).toMatch(/^prompt +32 +0 +[\d.]+ +[\d.]+ to [\d.]+$/m);
    const report = await json<Record<string, unknown>>([...args, "--json"]);
    expect(report).toMatchObject({ threads: 1, repeat: 2, device: expect.any(String), identity: expect.any(String) });
    expect(report.generate).toMatchObject({ tokens: 8, tokensPerSecond: expect.any(Number) });
    expect(report.peakMemoryBytes).toBeGreaterThan(report.memoryBytes as number);
    expect(report.bytesPerToken).toBeGreaterThan(report.weightBytesPerToken as number);
  });
});

describe("chat", () => {
  it("answers lines of a pipe and obeys /commands", async () => {
    const file = join(folder, "talk.json");
    const input = `/system be brief\nhi\n/nonsense\n/save ${file}\n/exit\nnever read\n`;
    const { code, stdout, stderr } = await anyqwen(["chat", model, "-n", "4", ...reference], { input });
    expect(code).toBe(0);
    expect(stdout).toContain("system message set");
    expect(stderr).toContain("no command /nonsense");
    const { messages } = JSON.parse(await readFile(file, "utf8"));
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(["system", "user", "assistant"]);
  });
});

describe("pull, list and rm", () => {
  it("bring a model, use it without the network, and take it away again", async () => {
    const server = await new HubServer().start();
    const body = await readFile(fixture("gguf/qwen3_tied-f16.gguf"));
    server.add("Qwen/Tiny-GGUF", { "tiny-f16.gguf": body });
    const cache = join(folder, "hub");
    const env = { HF_ENDPOINT: server.url, HF_HUB_CACHE: cache };
    try {
      const pulled = await json<{ path: string; bytes: number }>(["pull", "Qwen/Tiny-GGUF", "--json"], { env });
      expect(pulled.bytes).toBe(body.length);
      expect(pulled.path.startsWith(cache)).toBe(true);
      const missing = await anyqwen(["pull", "Qwen/None-GGUF"], { env });
      expect(missing.code).toBe(1);
      expect(missing.stderr).toMatch(/^error: .*Qwen\/None-GGUF/);
    } finally {
      await server.stop();
    }
    const ids = await succeed(["tokenize", "Qwen/Tiny-GGUF", "the", "--offline"], { env });
    expect(JSON.parse(ids).length).toBeGreaterThan(0);
    expect(await succeed(["list"], { env })).toMatch(/^NAME .*\nQwen\/Tiny-GGUF\S* +F16 +\S+ KiB +\d{4}-\d\d-\d\d\n$/);
    const [name] = (await succeed(["list", "--json"], { env }))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).name);
    expect(await succeed(["rm", name, "--yes"], { env })).toContain("removed 1 file of Qwen/Tiny-GGUF");
    expect(await succeed(["list"], { env })).toBe("");
  });

  it("asks before removing", async () => {
    const cache = join(folder, "cache");
    const { code, stderr } = await anyqwen(["rm", "qwen3:0.6b", "--cache", cache]);
    expect(code).toBe(2);
    expect(stderr).toContain("--yes");
    expect((await anyqwen(["rm", "qwen3:0.6b", "--yes", "--cache", cache])).code).toBe(1);
  });
});
