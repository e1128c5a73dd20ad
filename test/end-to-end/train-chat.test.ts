// anyqwen train on conversations: what they teach is shown, learnt and measured, and the adapter computes what training computed.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openText } from "../../src/engine/text-side.ts";
import { nodeFiles, nodeSource } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { bytesOfArray, readFloats, readSafetensors, safetensorsPieces } from "../../src/formats/safetensors-file.ts";
import { writeAtomically } from "../../src/formats/write-files.ts";
import { makeDataset } from "../../src/train/data/dataset.ts";
import { anyqwen as call, fixture } from "./anyqwen.ts";

const anyqwen = (...args: string[]) => call(args);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-train-chat-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a conversation", () => {
  const model = fixture("models/qwen3_tied");
  const chat = (question: string, answer: string) => ({
    messages: [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
  });
  const conversations = [chat("Who?", "Me."), chat("What is it?", "A test of two lines.\nThis is one.")];
  let file: string;
  beforeAll(async () => {
    file = join(folder, "chat.jsonl");
    await writeFile(file, conversations.map((each) => JSON.stringify(each)).join("\n"));
  });

  it("is shown with what it teaches, in brackets, and nothing is trained", async () => {
    const shown = await anyqwen("train", model, "--data", file, "--show-labels", "1");
    expect(shown.stderr).toBe("");
    const think = "<think>\n\n</think>\n\n";
    const start = "example 1 of 2\n<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n";
    expect(shown.stdout.startsWith(`${start}[${think}Me.<|im_end|>]\n`)).toBe(true);
    const all = await anyqwen("train", model, "--data", file, "--show-labels", "--all-tokens", "--json");
    const { shown: examples } = JSON.parse(all.stdout);
    expect(examples.length).toBe(2);
    expect(examples[0][1].text).toContain("user\nWho?");
    expect((await anyqwen("train", model, "--data", file)).stderr).toContain("--out <dir> is missing");
  });

  it("is learnt: the adapter's logits have the loss that training measured at its end", async () => {
    const out = join(folder, "chat");
    const measured = ["--validation", file, "--validate-every", "4"];
    const how = ["--steps", "10", "--batch-size", "2", "--lr", "0.01", "--exact", ...measured, "--json"];
    const run = await anyqwen("train", model, "--data", file, "--out", out, ...how);
    expect(run.stderr).toBe("");
    const { firstLoss, validationLoss } = JSON.parse(run.stdout);
    expect(validationLoss).toBeLessThan(firstLoss - 0.5);
    const log = (await readFile(join(out, "train_log.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(log.length).toBe(10);
    const taken = log.filter((line) => line.validation_loss !== undefined);
    expect(taken.map(({ step }) => step)).toEqual([4, 8, 10]);
    expect(taken[2].validation_loss).toBe(validationLoss);

    const files = await nodeFiles(model);
    const checkpoint = await openCheckpoint(files);
    const text = await openText(files, checkpoint);
    const source = { name: file, text: await readFile(file, "utf8") };
    const { examples } = await makeDataset(source, async () => text, { length: 512, vocab: 320 });
    await checkpoint.close();
    const loss = async (...adapter: string[]) => {
      let [sum, count] = [0, 0];
      for (const { input_ids, labels } of examples) {
        const logits = await logitsOf(model, input_ids, ...adapter);
        labels.forEach((label, i) => {
          if (i === 0 || label < 0) return;
          const row = logits.subarray((i - 1) * 320, i * 320);
          sum += Math.log(row.reduce((total, x) => total + Math.exp(x), 0)) - row[label];
          count++;
        });
      }
      return sum / count;
    };
    expect(await loss("--adapter", out)).toBeCloseTo(validationLoss, 4);
    expect(await loss()).toBeCloseTo(firstLoss, 4);
    const ask = ["run", model, "Who?", "-t", "0", "-n", "8", "--json"];
    const [plain, adapted] = [await anyqwen(...ask), await anyqwen(...ask, "--adapter", out)];
    expect(JSON.parse(adapted.stdout).tokens).not.toEqual(JSON.parse(plain.stdout).tokens);
  });

  it("a share that is held back is not trained on", async () => {
    const out = join(folder, "held");
    const share = ["--validation", "0.5", "--steps", "2", "--batch-size", "2", "--json"];
    const run = await anyqwen("train", model, "--data", file, "--out", out, ...share);
    const { firstLoss, validationLoss } = JSON.parse(run.stdout);
    expect(validationLoss).not.toBeCloseTo(firstLoss, 2);
    const shown = await anyqwen("train", model, "--data", file, "--validation", "0.5", "--show-labels", "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({ examples: 1, validation: 1 });
    const none = await anyqwen("train", model, "--data", file, "--out", out, "--validation", "1");
    expect(none.stderr).toContain("the validation split is 1; expected 0 or more, below 1");
    const idle = await anyqwen("train", model, "--data", file, "--out", out, "--validate-every", "3");
    expect(idle.stderr).toContain("--validate-every is 3; expected nothing: there is no validation");
  });
});

let calls = 0;

/** Logits of the command, f32 throughout. */
async function logitsOf(model: string, input: readonly number[], ...more: string[]): Promise<Float32Array> {
  const [from, to] = ["ids", "logits"].map((name) => join(folder, `${name}-${calls}.safetensors`));
  calls++;
  const data = bytesOfArray(Int32Array.from(input));
  const tensors = new Map([["input_ids", { dtype: "I32" as const, shape: [input.length], data }]]);
  await writeAtomically(from, safetensorsPieces(tensors));
  const run = await anyqwen("logits", model, "-i", from, "-o", to, "--kv", "f32", ...more);
  expect(run.stderr).toBe("");
  const source = await nodeSource(to);
  const entry = (await readSafetensors(source)).get("logits");
  if (!entry) throw new Error("no logits");
  const values = await readFloats(entry);
  await source.close();
  return values;
}
