import { beforeAll, describe, expect, test } from "vitest";
import type { Sampled, SampleRequest } from "../../src/core/device.ts";
import { sampleRow } from "../../src/devices/reference/sample.ts";
import { checkSampling, type SamplingOptions, samplingDefaults, samplingRule } from "../../src/generate/sampling.ts";
import { StopMatcher } from "../../src/generate/stop.ts";
import { fuzz, mutateJson, pick, type Random } from "../support/fuzz.ts";
import { compileSampling } from "../support/sampling.ts";

// Logits of any bits, options of any kind, texts cut anywhere: an error or an answer that holds to the definition, never a hang.

let onWasm: (row: Float32Array, request: SampleRequest) => Sampled;
beforeAll(async () => {
  onWasm = await compileSampling();
});

const strange = [0, -0, 1, -1, 0.5, 1e-45, -1e-30, 3.4e38, -3.4e38, Number.NaN, Infinity, -Infinity];
const values = [...strange, 20, 256, 257, 2 ** 31 - 1, 2 ** 53 - 1, 2 ** 53, 1e308, "1", null, true, [], {}, undefined];

function anyRow(random: Random): Float32Array {
  const n = 1 + random(random(3) === 0 ? 2000 : 80);
  const kind = random(4);
  const words = new Uint32Array(n);
  const row = new Float32Array(words.buffer);
  for (let id = 0; id < n; id++) {
    if (kind === 0) words[id] = random(2 ** 32);
    else if (kind === 1) row[id] = pick(strange, random);
    else if (kind === 2) row[id] = Number.NEGATIVE_INFINITY;
    else row[id] = (random(20001) - 10000) / 1000;
  }
  return row;
}

function anyOptions(random: Random): SamplingOptions {
  const options: Record<string, unknown> = {};
  const names = ["temperature", "topK", "topP", "minP", "repetitionPenalty", "presencePenalty", "frequencyPenalty"];
  for (const name of [...names, "seed", "choice", "logprobs"])
    if (random(4) === 0) options[name] = pick(values, random);
  if (random(3) === 0) options.logitBias = { [pick(["0", "5", "79", "-1", "x", "1e3"], random)]: pick(values, random) };
  return options as SamplingOptions;
}

describe("sampling", () => {
  test("any logits and options", async () => {
    const accepted = await fuzz(async (random) => {
      const row = anyRow(random);
      const rule = samplingRule(
        { seed: 1, ...anyOptions(random) },
        samplingDefaults({ json: new Map(), metadata: new Map() }),
        row.length,
      );
      const ids = Int32Array.from({ length: random(Math.min(row.length, 20)) }, () => random(2 ** 32));
      const request = {
        ...rule,
        row: 0,
        position: random(2 ** 31),
        ...(random(2) === 0 && { seen: { ids: ids.map((id) => (id >>> 0) % (row.length + 5)), counts: ids } }),
        ...(random(3) === 0 && {
          mask: Uint32Array.from({ length: random(70) }, () => random(2 ** 32) & random(2 ** 32)),
        }),
      };
      const expected = sampleRow(row, request);
      expect(expected.id).toBeGreaterThanOrEqual(0);
      expect(expected.id).toBeLessThan(row.length);
      expect(onWasm(row, request)).toEqual(expected);
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("mutated generation_config.json", async () => {
    const config = '{"do_sample":true,"temperature":0.7,"top_k":20,"top_p":0.8,"min_p":0,"repetition_penalty":1.05}';
    await fuzz(async (random) => {
      let parsed: unknown;
      try {
        parsed = JSON.parse(mutateJson(config, random));
      } catch {
        return;
      }
      const defaults = samplingDefaults({ json: new Map([["generation_config.json", parsed]]), metadata: new Map() });
      checkSampling(defaults, 1);
    });
  });
});

describe("stop texts", () => {
  test("any texts and cuts", async () => {
    const letters = ["a", "b", "ab", "\n", "é", "🙂", "\ud83d", "<|", "|>"];
    const anyText = (random: Random, most: number) =>
      Array.from({ length: random(most) }, () => pick(letters, random)).join("");
    await fuzz(async (random) => {
      const stops = Array.from({ length: random(5) }, () => anyText(random, 6));
      const matcher = new StopMatcher(stops);
      const text = anyText(random, 300);
      let [out, stop]: [string, string | undefined] = ["", undefined];
      for (let at = 0; at < text.length && stop === undefined; ) {
        const cut = at + 1 + random(8);
        const pushed = matcher.push(text.slice(at, cut));
        out += pushed.text;
        stop = pushed.stop;
        at = cut;
      }
      out += matcher.end();
      for (const other of stops) expect(out).not.toContain(other);
      if (stop === undefined) expect(out).toBe(text);
      else expect(text.startsWith(out + stop)).toBe(true);
    });
  });
});
