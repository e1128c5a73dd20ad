// The block for predicting several tokens (MTP), from both formats: what it gives for every position of a prompt, and drafts that are
// made from drafts.

import { describe, expect, test } from "vitest";
import type { Drafter, Executor } from "../../src/core/device.ts";
import { type DeviceUnderTest, devices } from "./devices.ts";
import { expectClose, f32Tolerance, floats, ids, readExpected } from "./fixtures.ts";
import { argmax, load } from "./harness.ts";

const CASE = "models/qwen3_5_mtp";
const [VOCAB, WIDTH] = [304, 48];
const expected = readExpected(`${CASE}/expected.safetensors`);
const prompt = ids(expected, "input_ids");

interface Running {
  readonly executor: Executor;
  readonly drafter: Drafter;
}

async function start(device: DeviceUnderTest, path: string, draftVocab = VOCAB): Promise<Running> {
  const { executor } = await load(device, path, { draftVocab });
  if (!executor.drafter) throw new Error("no drafter");
  return { executor, drafter: executor.drafter };
}

/** The prompt through the model: the last row's logits, and the final norm's output for every token. */
function trunk({ executor }: Running) {
  executor.step([{ state: executor.createState(), tokens: prompt, rows: [prompt.length - 1] }]);
  return { logits: executor.read("logits"), final: executor.read("final") };
}

const rowsOf = (values: Float32Array, from: number, to: number) => values.subarray(from * WIDTH, to * WIDTH);

describe.each(devices)("$name", (device) => {
  const tolerance = (tensor: string) => device.tolerance(f32Tolerance(`${CASE}/meta.json`, tensor), false);

  test.each([CASE, "gguf/qwen3_5_mtp-f32.gguf"])("%s: every position, then drafts from drafts", async (path) => {
    const running = await start(device, path);
    const { drafter } = running;
    const { logits, final } = trunk(running);
    const pairs = prompt.length - 1;
    const state = drafter.createState();
    const tokens = prompt.subarray(1);
    drafter.step([{ state, tokens, hidden: rowsOf(final, 0, pairs), rows: [...tokens.keys()] }]);
    expectClose(drafter.read("logits"), floats(expected, "mtp_logits"), tolerance("mtp_logits"));
    expectClose(drafter.read("hidden"), floats(expected, "mtp_hidden"), tolerance("mtp_logits"));
    let [token, hidden] = [argmax(logits), rowsOf(final, pairs, pairs + 1)];
    expect(token).toBe(ids(expected, "next_id")[0]);
    ids(expected, "draft_ids").forEach((draft, i) => {
      drafter.step([{ state, tokens: [token], hidden, rows: [0] }]);
      const row = drafter.read("logits");
      expectClose(
        row,
        floats(expected, "draft_logits").subarray(i * VOCAB, (i + 1) * VOCAB),
        tolerance("draft_logits"),
      );
      [token, hidden] = [argmax(row), drafter.read("hidden")];
      expect(token).toBe(draft);
    });
  });

  test("in pieces, beside another sequence and after a rewind the same bits; fewer ids the first of all", async () => {
    const running = await start(device, CASE);
    const { drafter } = running;
    const { final } = trunk(running);
    const whole = drafter.createState();
    const tokens = prompt.subarray(1);
    const hidden = rowsOf(final, 0, tokens.length);
    drafter.step([{ state: whole, tokens, hidden, rows: [...tokens.keys()] }]);
    const logits = drafter.read("logits");
    const [a, b] = [drafter.createState(), drafter.createState()];
    drafter.step([{ state: a, tokens: tokens.subarray(0, 20), hidden: rowsOf(hidden, 0, 20), rows: [] }]);
    drafter.step([{ state: a, tokens: tokens.subarray(3, 9), hidden: rowsOf(hidden, 9, 15), rows: [] }]);
    a.rewind(20);
    drafter.step([
      { state: b, tokens: tokens.subarray(0, 2), hidden: rowsOf(hidden, 0, 2), rows: [1] },
      { state: a, tokens: tokens.subarray(20, 25), hidden: rowsOf(hidden, 20, 25), rows: [0, 4] },
    ]);
    const rows = [1, 20, 24].flatMap((row) => [...logits.subarray(row * VOCAB, (row + 1) * VOCAB)]);
    expect([...drafter.read("logits")]).toEqual(rows);

    const few = await start(device, CASE, 100);
    const { final: again } = trunk(few);
    expect(again).toEqual(final);
    few.drafter.step([{ state: few.drafter.createState(), tokens, hidden, rows: [38] }]);
    expect(few.drafter.read("logits")).toEqual(logits.slice(38 * VOCAB, 38 * VOCAB + 100));
  });

  test("hidden values of another size are refused, and nothing is held then", async () => {
    const { drafter } = await start(device, CASE);
    const state = drafter.createState();
    const wrong = [{ state, tokens: [1, 2], hidden: new Float32Array(WIDTH), rows: [] }];
    expect(() => drafter.step(wrong)).toThrow(`48 hidden values for 2 tokens of 48`);
    expect(state.length).toBe(0);
  });
});
