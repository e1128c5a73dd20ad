// What a model's MTP layer gives, as the command writes it, from both formats; and what is said where there is none.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectClose, f32Tolerance, floats, ids, readExpected, readTensors } from "../parity/fixtures.ts";
import { anyqwen, fixture, json } from "./anyqwen.ts";

const CASE = "models/qwen3_5_mtp";
const input = join(fixture(CASE), "expected.safetensors");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-mtp-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("logits --mtp", () => {
  it.each([
    [CASE, "wasm"],
    [CASE, "reference"],
    ["gguf/qwen3_5_mtp-f32.gguf", "wasm"],
  ])("%s on %s", async (path, device) => {
    const out = join(folder, "out.safetensors");
    const how = ["--kv", "f32", "--device", device, "--chunk", "7", "--json"];
    const shapes = await json(["logits", fixture(path), "--mtp", "-i", input, "-o", out, ...how]);
    expect(shapes).toMatchObject({
      mtp_logits: [39, 304],
      mtp_hidden: [39, 48],
      draft_ids: [3],
      draft_logits: [3, 304],
    });
    const [found, expected] = [readTensors(out), readExpected(`${CASE}/expected.safetensors`)];
    for (const name of ["logits", "mtp_logits", "mtp_hidden", "draft_logits"]) {
      const { max, rms } = f32Tolerance(`${CASE}/meta.json`, name);
      expectClose(floats(found, name), floats(expected, name), { max, rms: 1.5 * rms });
    }
    expect(ids(found, "draft_ids")).toEqual(ids(expected, "draft_ids"));
  });

  it("says that a model has none", async () => {
    const model = fixture("models/qwen3_5_text");
    const { code, stderr } = await anyqwen(["logits", model, "--mtp", "-i", input, "-o", join(folder, "x")]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("it has no MTP layer")]);
  });
});
