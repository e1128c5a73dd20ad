// anyqwen train with preferences, a teacher and dropout, as users call it: PyTorch's losses, interrupted runs, what is refused.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sample } from "../../src/train/types.ts";
import { floats, readExpected } from "../parity/fixtures.ts";
import { batchOf } from "../parity/training.ts";
import { anyqwen as call, cliPath, fixture } from "./anyqwen.ts";

const base = fixture("train/qwen2");
const adamW = "--lr 1e-3 --beta1 0.9 --beta2 0.95 --eps 1e-8 --weight-decay 0.01 --schedule constant --clip 0".split(
  " ",
);
const anyqwen = (...args: string[]) => call(args);
const expectedOf = (name: string) => readExpected(`train/objectives/${name}.safetensors`);
let folder: string;
let examples: string;
let pairs: string;

const writeLines = (path: string, records: readonly unknown[]) =>
  writeFile(path, `${records.map((record) => JSON.stringify(record)).join("\n")}\n`);

const rowsOf = (path: string) =>
  batchOf(path).sequences.map(({ ids, labels }) => ({ input_ids: [...ids], labels: [...labels] }));

interface Line {
  readonly step: number;
  readonly loss: number;
  readonly reward_accuracy?: number;
  readonly reward_margin?: number;
  readonly validation_loss?: number;
  readonly samples?: readonly Sample[];
}

async function logOf(out: string): Promise<Line[]> {
  const text = await readFile(join(out, "train_log.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-objectives-"));
  examples = join(folder, "examples.jsonl");
  pairs = join(folder, "pairs.jsonl");
  await writeLines(examples, rowsOf("train/qwen2/batch.safetensors"));
  const rows = rowsOf("train/objectives/dpo.safetensors");
  await writeLines(
    pairs,
    [0, 2, 4].map((n) => ({ chosen: rows[n], rejected: rows[n + 1] })),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("anyqwen train --method dpo", () => {
  it("follows PyTorch from the adapter it is given, and logs rewards", async () => {
    const out = join(folder, "dpo");
    const run = await anyqwen(
      ...["train", base, "--data", pairs, "--out", out, "--method", "dpo", "--init-adapter", join(base, "adapter")],
      ...["--steps", "10", "--batch-size", "3", "--no-shuffle", "--validation", pairs, ...adamW],
    );
    expect(run.stderr).toBe("");
    const expected = expectedOf("dpo");
    const log = await logOf(out);
    const losses = floats(expected, "losses");
    expect(log.length).toBe(10);
    for (const [i, { loss }] of log.entries()) expect(Math.abs(loss - losses[i])).toBeLessThan(1e-4);
    expect(log[0].reward_accuracy).toBeCloseTo(floats(expected, "accuracy")[0], 6);
    expect(Math.abs((log[0].reward_margin ?? 0) - floats(expected, "margin")[0])).toBeLessThan(1e-4);
    // after the last update, over the same pairs
    expect(Math.abs((log[9].validation_loss ?? 0) - losses[10])).toBeLessThan(1e-4);
    expect(run.stdout).toContain("adapter_model.safetensors");
  });

  it("with dropout goes on after kill -9 to the same bits, whatever the threads", async () => {
    const run = (out: string, ...more: string[]) => [
      ...["train", base, "--data", pairs, "--out", out, "--method", "dpo", "--steps", "300", "--batch-size", "2"],
      ...["--dropout", "0.2", "--save-every", "10", "--seed", "7", ...more],
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
    expect((await logOf(broken)).length).toBeLessThan(300);
    const other = await anyqwen(...run(broken, "--resume", "--dpo-beta", "0.2"));
    expect(other.stderr).toContain("whose --dpo-beta was 0.1, now it is 0.2");
    expect((await anyqwen(...run(broken, "--threads", "2", "--resume"))).code).toBe(0);
    const files = await Promise.all([whole, broken].map((out) => readFile(join(out, "adapter_model.safetensors"))));
    expect(files[0].equals(files[1])).toBe(true);
    expect(await logOf(broken)).toEqual(await logOf(whole));
    const config = JSON.parse(await readFile(join(whole, "adapter_config.json"), "utf8"));
    expect(config.lora_dropout).toBe(0.2);
  });

  it("samples answers to the prompts of pairs, and ends when the validation gets no better", async () => {
    const out = join(folder, "patient");
    const run = await anyqwen(
      ...["train", base, "--data", pairs, "--validation", pairs, "--out", out, "--method", "dpo", "--steps", "6"],
      ...[
        "--lr",
        "1e-30",
        "--validate-every",
        "1",
        "--patience",
        "1",
        "--sample-validation",
        "2",
        "--sample-tokens",
        "4",
      ],
    );
    expect(run.code).toBe(0);
    const log = await logOf(out);
    expect(log.map(({ step }) => step)).toEqual([1, 2]);
    for (const { validation_loss } of log) expect(validation_loss).toBeCloseTo(Math.LN2, 6);
    const rows = rowsOf("train/objectives/dpo.safetensors");
    const chosen = [rows[0], rows[2]].map(({ input_ids, labels }) => {
      const first = labels.findIndex((label) => label >= 0);
      return [input_ids.slice(0, first), input_ids.slice(first)].map((ids) => ids.join(" "));
    });
    expect(log[1].samples?.map(({ prompt, expected }) => [prompt, expected])).toEqual(chosen);
    for (const { text } of log[1].samples ?? []) expect(text).toMatch(/^\d+( \d+){3}$/);
  });

  it("shows both answers of a pair", async () => {
    const shown = await anyqwen("train", base, "--data", pairs, "--method", "dpo", "--show-labels", "1");
    expect(shown.stdout).toMatch(
      /^example 1 of 3\n[\d ]+\[[\d ]+\]\n8 of 17 .*\n\nrejected:\n[\d ]+\[[\d ]+\]\n6 of 15 /,
    );
  });
});

describe("anyqwen train --method distil", () => {
  const teacher = fixture("models/qwen3_moe_mixed");

  it("follows PyTorch with all weights, and says what the teacher takes", async () => {
    const out = join(folder, "distil");
    const run = (more: string[]) =>
      anyqwen(...["train", base, "--data", examples, "--out", out, "--batch-size", "3", ...more, ...adamW, "--json"]);
    const distil = ["--method", "distil", "--teacher", teacher, "--distil-weight", "0.7", "--no-shuffle"];
    const ended = await run(["--steps", "10", ...distil, "--validation", examples]);
    expect(ended.stderr).toBe("");
    const losses = floats(expectedOf("distil"), "losses");
    const log = await logOf(out);
    for (const [i, { loss }] of log.entries()) expect(Math.abs(loss - losses[i])).toBeLessThan(1e-4);
    const { files, memoryBytes, validationLoss } = JSON.parse(ended.stdout);
    expect(Math.abs(validationLoss - losses[10])).toBeLessThan(1e-4);
    expect(files).toContain("model.safetensors");
    const alone = JSON.parse((await run(["--steps", "1", "--method", "full"])).stdout);
    expect(memoryBytes).toBeGreaterThan(alone.memoryBytes + 65536);
  });

  it("trains an adapter of a quantised base when a rank is given", async () => {
    const student = fixture("gguf/qwen2_tied-q8_0.gguf");
    const out = join(folder, "adapter");
    const more = ["--method", "distil", "--teacher", fixture("models/qwen3_tied"), "--rank", "4"];
    const how = ["--steps", "30", "--batch-size", "3", "--lr", "0.01"];
    const text = join(folder, "texts.jsonl");
    await writeLines(text, [{ text: "A teacher speaks." }, { text: "The student listens, and learns." }]);
    const run = await anyqwen("train", student, "--data", text, "--out", out, ...more, ...how, "--json");
    expect(run.stderr).toBe("");
    const { firstLoss, lastLoss, files } = JSON.parse(run.stdout);
    expect(lastLoss).toBeLessThan(firstLoss - 0.5);
    expect(files).toContain("adapter_model.safetensors");
    const refused = await anyqwen("train", student, "--data", text, "--out", out, ...more.slice(0, -2));
    expect(refused.stderr).toContain("all weights are trained from a safetensors checkpoint");
    expect(refused.stderr).toContain("or distil with --rank");
  });

  it.each([
    [
      ["--teacher", fixture("models/qwen3_tied")],
      /teacher .*qwen3_tied: 320 ids, .*qwen2 has 256; a teacher must have/,
    ],
    [["--teacher", join("no", "such", "model")], /such/],
    [[], /--teacher is missing; expected a model for method distil to learn from/],
    [["--teacher", base, "--distil-weight", "1.5"], /1.5/],
  ])("refuses %j", async (more, message) => {
    const out = join(folder, "refused");
    const run = await anyqwen("train", base, "--data", examples, "--out", out, "--method", "distil", ...more);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(message);
  });
});

it.each([
  [["--method", "dpo"], "examples", /examples.jsonl:1: no preference pair, which method dpo learns from/],
  [[], "pairs", /pairs.jsonl:1: a preference pair, which only method dpo learns from/],
  [["--dpo-beta", "0.2"], "examples", /--dpo-beta is 0.2; expected nothing: only method dpo has it/],
  [["--method", "dpo", "--teacher", base], "pairs", /--teacher is .*expected nothing: only method distil has it/],
  [["--method", "full", "--dropout", "0.1"], "examples", /--dropout is 0.1; expected nothing/],
])("train refuses %j with %s", async (more, data, message) => {
  const out = join(folder, "refused");
  const run = await anyqwen("train", base, "--data", data === "pairs" ? pairs : examples, "--out", out, ...more);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(message);
});
