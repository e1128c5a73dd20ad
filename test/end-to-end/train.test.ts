// anyqwen train, as users call it: PyTorch's losses and adapter, interrupted runs that end in the same bits, bad input.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { nodeSource } from "../../src/formats/node-files.ts";
import { writePeftAdapter } from "../../src/formats/peft-adapter.ts";
import { readFloats, readSafetensors } from "../../src/formats/safetensors-file.ts";
import { fixture, floats, ids, readExpected } from "../parity/fixtures.ts";
import { anyqwen as call, cliPath } from "./anyqwen.ts";

const base = fixture("train/qwen2");
const lora = readExpected("train/qwen2/lora_train.safetensors");
const adamW = "--lr 1e-3 --beta1 0.9 --beta2 0.95 --eps 1e-8 --weight-decay 0.01 --schedule constant --clip 0".split(
  " ",
);
const anyqwen = (...args: string[]) => call(args);
let folder: string;
let data: string;

/** The fixture's batch as JSON lines, its padding cut off. */
async function writeData(path: string): Promise<void> {
  const tensors = readExpected("train/qwen2/batch.safetensors");
  const [mask, tokens, labels] = ["attention_mask", "input_ids", "labels"].map((name) => ids(tensors, name));
  const lines: string[] = [];
  for (let first = 0; first < tokens.length; first += 30) {
    const length = mask.subarray(first, first + 30).reduce((a, b) => a + b, 0);
    const [input_ids, own] = [tokens, labels].map((values) => [...values.subarray(first, first + length)]);
    lines.push(JSON.stringify({ input_ids, labels: own }));
  }
  await writeFile(path, `${lines.join("\n")}\n`);
}

/** The adapter that the fixture's run began with. */
async function writeStart(path: string): Promise<void> {
  const names = [...lora.keys()].flatMap(
    (name) => /^init\.base_model\.model\.(.+)\.lora_A\.weight$/.exec(name)?.[1] ?? [],
  );
  const of = (module: string, side: string) => floats(lora, `init.base_model.model.${module}.lora_${side}.weight`);
  const modules = new Map(names.map((name) => [name, { a: of(name, "A"), b: of(name, "B") }]));
  const files = writePeftAdapter({ modules, rank: 4, alpha: 8, rslora: false }, { base: "base" });
  await mkdir(path);
  for (const [file, bytes] of files) await writeFile(join(path, file), bytes);
}

async function logOf(out: string): Promise<{ step: number; loss: number }[]> {
  const text = await readFile(join(out, "train_log.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-train-"));
  data = join(folder, "data.jsonl");
  await writeData(data);
  await writeStart(join(folder, "start"));
});

describe("anyqwen train", () => {
  it("follows PyTorch's LoRA from the adapter it is given", async () => {
    const out = join(folder, "lora");
    const run = await anyqwen(
      ...["train", base, "--data", data, "--out", out, "--method", "lora", "--rank", "4", "--alpha", "8"],
      ...["--targets", "all", "--init-adapter", join(folder, "start"), "--steps", "20", "--batch-size", "3"],
      ...[...adamW, "--no-shuffle", "--exact", "--seed", "0"],
    );
    expect(run.stderr).toBe("");
    const expected = floats(lora, "losses");
    const log = await logOf(out);
    expect(log.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    log.forEach(({ loss }, i) => {
      expect(Math.abs(loss - expected[i])).toBeLessThan(1e-4);
    });
    const source = await nodeSource(join(out, "adapter_model.safetensors"));
    const tensors = await readSafetensors(source);
    expect(tensors.size).toBe(28);
    for (const [name, entry] of tensors) {
      const [values, final] = [await readFloats(entry), floats(lora, `final.${name}`)];
      expect(Math.max(...values.map((x, i) => Math.abs(x - final[i]))), name).toBeLessThan(5e-5);
    }
    await source.close();
    const config = JSON.parse(await readFile(join(out, "adapter_config.json"), "utf8"));
    expect(config.target_modules).toContain("q_proj");
  });

  it("goes on after kill -9 to the same bits, whatever the threads", async () => {
    const run = (out: string, ...more: string[]) => [
      ...["train", base, "--data", data, "--out", out, "--method", "full", "--steps", "400", "--batch-size", "2"],
      ...["--save-every", "10", "--seed", "7", ...more],
    ];
    const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
    expect((await anyqwen(...run(whole, "--threads", "1"))).code).toBe(0);
    const child = spawn(process.execPath, [cliPath, ...run(broken, "--threads", "2")], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    for (let saved = false; !saved && child.exitCode === null; ) {
      saved = await readFile(join(broken, "checkpoint.safetensors")).then(
        () => true,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGKILL");
    await ended;
    expect((await logOf(broken)).length).toBeLessThan(400);
    const resumed = await anyqwen(...run(broken, "--threads", "2", "--resume"));
    expect(resumed.code).toBe(0);
    const [a, b] = await Promise.all([whole, broken].map((out) => readFile(join(out, "model.safetensors"))));
    expect(a.equals(b)).toBe(true);
    expect(await logOf(broken)).toEqual(await logOf(whole));
    await expect(readFile(join(broken, "checkpoint.safetensors"))).rejects.toThrow();
  });

  it("stops at Ctrl-C with a checkpoint, and refuses to go on as another run", async () => {
    const out = join(folder, "stopped");
    const line = ["train", base, "--data", data, "--out", out, "--steps", "100000", "--save-every", "1000000"];
    const child = spawn(process.execPath, [cliPath, ...line], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    for (let steps = 0; steps < 3; ) {
      steps = await logOf(out).then(
        (log) => log.length,
        () => 0,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(stderr).toMatch(/a checkpoint of step \d+ is in .*; --resume goes on from it/);
    const other = await anyqwen(...line, "--resume", "--lr", "0.5");
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("whose --lr was 0.0002, now it is 0.5");
  });

  it("trains from scratch what then runs", async () => {
    const [config, out] = [join(folder, "config"), join(folder, "scratch")];
    await mkdir(config);
    await writeFile(join(config, "config.json"), await readFile(join(base, "config.json")));
    const scratch = ["--method", "scratch", "--steps", "60", "--batch-size", "3", "--lr", "0.01"];
    const run = await anyqwen("train", config, "--data", data, "--out", out, ...scratch, "--json");
    const { firstLoss, lastLoss, files } = JSON.parse(run.stdout);
    expect(firstLoss).toBeGreaterThan(5);
    expect(lastLoss).toBeLessThan(firstLoss / 4);
    expect(files).toContain("model.safetensors");
    const inspected = await anyqwen("inspect", out, "--json");
    expect(inspected.code).toBe(0);
  });

  it.each([
    ["{", /data.jsonl:1: not valid JSON .*--on-broken skip/],
    ['{"input_ids": [1, 2.5]}', /:1: input_ids\[1\] is 2.5; expected a whole number/],
    ['{"input_ids": [1, 256]}', /:1: token id 256 is outside the vocabulary of 256/],
    ['{"input_ids": [1, 2], "labels": [5, -100]}', /:1: no token behind the first one is supervised/],
    ['{"input_ids": [1, 2], "labels": [1]}', /:1: 2 input_ids and 1 labels/],
    [
      JSON.stringify({ input_ids: new Array(513).fill(1) }),
      /:1: 513 tokens, more than the 512 of an example; take a greater --length, or --cut-long/,
    ],
    ['{"text": "x"}', /the model has no tokenizer, so its data must be input_ids and labels/],
    ["", /there are no examples/],
  ])("refuses the line %.40s", async (line, message) => {
    const path = join(folder, "bad-data.jsonl");
    await writeFile(path, line);
    const run = await anyqwen("train", base, "--data", path, "--out", join(folder, "bad"));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(message);
  });

  it("shows ids where there is no tokenizer", async () => {
    const ids = await anyqwen("train", base, "--data", data, "--show-labels", "1");
    expect(ids.stdout).toMatch(/^example 1 of 3\n[\d ]*\[[\d ]+\]/);
  });

  it("leaves broken lines out if asked, and counts them", async () => {
    const path = join(folder, "some-broken.jsonl");
    await writeFile(path, '{"input_ids": [1, 2, 3]}\n{\n{"input_ids": [1]}\n');
    const out = join(folder, "skipped");
    const run = await anyqwen("train", base, "--data", path, "--out", out, "--on-broken", "skip", "--steps", "1");
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^left out 2 records; the first, .*some-broken.jsonl:2: not valid JSON .*\n$/);
  });

  it("stops when the loss is no number, names the step, and keeps the checkpoint before it", async () => {
    const out = join(folder, "diverged");
    const more = ["--steps", "9", "--lr", "1e30", "--clip", "0", "--schedule", "constant", "--save-every", "1"];
    const run = await anyqwen("train", base, "--data", data, "--out", out, ...more);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/step \d+: the loss is (NaN|Infinity): training diverged; .*lower learning rate/);
    expect((await readFile(join(out, "checkpoint.safetensors"))).length).toBeGreaterThan(1000);
  });
});
