// What a run says on stderr where nobody looks at a terminal: a line now and then, and what was left out.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { followTraining } from "./train-progress.ts";

let written: string;
const { isTTY } = process.stderr;
beforeEach(() => {
  written = "";
  process.stderr.isTTY = false;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

const figures = { learningRate: 1, gradientNorm: 1, tokens: 1, tokensPerSecond: 50, memoryBytes: 2 ** 20 };

it("is a line every ten seconds, with the last validation and the time left by the steps done here", async () => {
  let seconds = 0;
  const progress = await followTraining(new AbortController().signal, () => seconds * 1000);
  progress.tell({ kind: "data", examples: 9, validation: 1, broken: [] });
  progress.tell({ kind: "begin", steps: 100, done: 10, trainedParameters: 5, memoryBytes: 2 ** 20 });
  for (let step = 11; step <= 16; step++) {
    seconds += 4;
    const measured = step === 12 ? { validation_loss: 2.5 } : {};
    progress.tell({ kind: "step", step, loss: step, ...figures, ...measured });
  }
  expect(written).toBe(
    "step 13 of 100  loss 13.0000  validation 2.5000  50 tokens/s  1.0 MiB  5:48 left\n" +
      "step 16 of 100  loss 16.0000  validation 2.5000  50 tokens/s  1.0 MiB  5:36 left\n",
  );
});

it("counts what was left out, with the first reason", async () => {
  const progress = await followTraining(new AbortController().signal);
  const broken = [2, 7].map((line) => ({ where: `f.jsonl:${line}`, reason: "bad" }));
  progress.tell({ kind: "data", examples: 9, validation: 0, broken });
  progress.tell({ kind: "data", examples: 9, validation: 0, broken: broken.slice(1) });
  expect(written).toBe("left out 2 records; the first, f.jsonl:2: bad\nleft out f.jsonl:7: bad\n");
});
