// How commands refuse what they cannot do: flags that would be without effect, and limits of the model, in the command line's words.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyqwen, fixture, json, succeed } from "./anyqwen.ts";

const model = fixture("models/qwen3_tied");
const gguf = fixture("gguf/qwen2_tied-f16.gguf");
const ids = join(model, "expected.safetensors");

let folder: string;
let text: string;
let out: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-usage-"));
  text = join(folder, "numbers.txt");
  await writeFile(text, Array.from({ length: 300 }, (_, i) => `${i} `).join(""));
  out = join(folder, "out");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("flags that would do nothing", () => {
  const cases = (): [string[], string][] => [
    [["run", model, "x", "--raw", "--system", "be brief"], "--system"],
    [["run", model, "x", "--raw", "--no-think"], "--no-think"],
    [["run", model, "x", "--raw", "--tools", text], "--tools"],
    [["run", model, "x", "--logprobs", "2"], "--json"],
    [["inspect", gguf, "--out", out], "--tensor"],
    [["inspect", gguf, "--tensor", "blk.0.ffn_down.weight"], "--out"],
    [["inspect", gguf, "--tensor", "blk.0.ffn_down.weight", "--out", out, "--metadata"], "--metadata"],
    [["inspect", gguf, "--tensors", "--ctx", "64", "--kv", "q8"], "--ctx and --kv"],
    [["tokenize", model, "--jsonl", "--count"], "--count"],
    [["tokenize", model, "x", "--count", "--pieces"], "--pieces"],
    [["template", model, "--think", "--var", "enable_thinking=false"], "--think"],
    [["template", model, "--var", "messages=[]"], "--input"],
    [["logits", model, "-i", ids, "-o", out, "--ctx", "4"], "--ctx 4"],
    [["perplexity", model, text, "-w", "64", "--ctx", "32"], "--ctx 32"],
    [["compare", model, model, text, "-w", "64", "--ctx", "32"], "--ctx 32"],
    [["bench", model, "-p", "64", "-g", "8", "--ctx", "16"], "--ctx 16"],
    [["bench", model, "-p", "0", "-g", "0"], "--generate"],
    [["pull", model, "--endpoint", "https://example.org"], "--endpoint"],
  ];

  it("are wrong usage, and the message names them", async () => {
    for (const [args, named] of cases()) {
      const { code, stdout, stderr } = await anyqwen(args);
      expect([code, stdout], args.join(" ")).toEqual([2, ""]);
      expect(stderr, args.join(" ")).toMatch(/^error: .+\n/);
      expect(stderr, args.join(" ")).toContain(named);
    }
  });

  it("are --instruction with ids, and more threads than the reference device has", async () => {
    const input = join(folder, "ids.jsonl");
    await writeFile(input, '{"ids":[1,2,3]}\n');
    const embed = await anyqwen(["embed", model, "-i", input, "--instruction", "find"]);
    expect([embed.code, embed.stdout]).toEqual([2, ""]);
    const run = await anyqwen(["run", model, "x", "-n", "1", "--device", "reference", "--threads", "2"]);
    expect([run.code, run.stderr]).toEqual([0, "--threads 2: the reference device computes on one thread\n"]);
  });
});

describe("flags that were once without effect", () => {
  it("tokenize --json with --count and --pieces", async () => {
    expect(await json(["tokenize", model, "the rain", "--json", "--count"])).toEqual({ count: expect.any(Number) });
    const { pieces } = await json<{ pieces: { id: number; text: string }[] }>([
      ...["tokenize", model, "the rain", "--json", "--pieces"],
    ]);
    expect(pieces.map((piece) => piece.text).join("")).toBe("the rain");
  });

  it("chat --system with several lines, and --load", async () => {
    const [first, second] = [join(folder, "first.json"), join(folder, "second.json")];
    const args = ["chat", model, "-n", "1", "--device", "reference"];
    await succeed([...args, "--system", "be\nbrief"], { input: `hi\n/save ${first}\n` });
    const { messages } = JSON.parse(await readFile(first, "utf8"));
    expect(messages[0]).toEqual({ role: "system", content: "be\nbrief" });
    await succeed([...args, "--load", first], { input: `/save ${second}\n` });
    expect(JSON.parse(await readFile(second, "utf8")).messages).toEqual(messages);
  });
});

describe("limits of the model", () => {
  it("are told by the flags' names", async () => {
    const cases: [string[], RegExp][] = [
      [["run", model, "x", "--ctx", "99999"], /^error: --ctx is 99999; .* 512 positions$/m],
      [["bench", model, "--depth", "99999"], /^error: --ctx is 100512/],
      [["run", model, "-f", text, "--ctx", "32"], /context 32; shorten it or raise --ctx$/m],
      [["embed", model, "-i", text, "--ctx", "200"], /a text of \d+ tokens.* context of 200; .* raise --ctx$/m],
      [["run", model, "x", "--logit-bias", "99999:1"], /^error: --logit-bias 99999:1; expected .* below 320/],
      [["embed", model, "x", "--dimensions", "9999"], /^error: --dimensions is 9999; this model has 1 to 64/],
    ];
    for (const [args, expected] of cases) {
      const { code, stdout, stderr } = await anyqwen([...args, "--device", "reference"]);
      expect([code, stdout], args.join(" ")).toEqual([1, ""]);
      expect(stderr).toMatch(expected);
      expect(stderr).not.toMatch(/[a-z][A-Z]/);
    }
  });

  it("are memory, said before loading with the numbers", async () => {
    const large = join(folder, "large");
    await cp(model, large, { recursive: true });
    const config = JSON.parse(await readFile(join(model, "config.json"), "utf8"));
    await writeFile(join(large, "config.json"), JSON.stringify({ ...config, max_position_embeddings: 2 ** 30 }));
    const { code, stderr } = await anyqwen(["run", large, "x", "--ctx", String(2 ** 30)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /needs \d+ MiB \(weights \d+ MiB, KV cache \d+ MiB for 1073741824 positions.*; a smaller --ctx than 1073741824, or --kv q8\n$/,
    );
  });
});
