// Structured output at length: every schema, twenty seeds, from random weights at temperature 2, sixteen requests in a step.

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { generate, openFixture } from "../../src/engine/testing.ts";
import { schemas } from "../support/schemas.ts";
import { stringFormats } from "../support/string-formats.ts";

const SEEDS = 20;

it("1,000 of 1,000 documents meet their schemas", async () => {
  await using model = await openFixture("models/qwen3_tied", { device: "wasm", kv: "f16", poolTokens: 8192 });
  const ajv = new Ajv2020({ strict: false, formats: stringFormats });
  const failures: string[] = [];
  let documents = 0;
  for (const [name, schema] of Object.entries(schemas)) {
    const validate = ajv.compile(schema as object);
    const format = { type: "json-schema", schema } as const;
    const ask = { temperature: 2, topK: 0, topP: 1, repetitionPenalty: 1, maxTokens: 150, format };
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
    const answers = await Promise.all(seeds.map((seed) => generate(model, [5, 6, 7, 8], { ...ask, seed })));
    for (const [seed, { text, end }] of answers.entries()) {
      documents++;
      if (end.reason === "stop" && validate(JSON.parse(text))) continue;
      failures.push(`${name}, seed ${seed}, ${end.reason}: ${text}: ${ajv.errorsText(validate.errors)}`);
    }
  }
  expect(failures).toEqual([]);
  expect(documents).toBeGreaterThanOrEqual(50 * SEEDS);
});
