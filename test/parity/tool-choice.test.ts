// Tool calls that a grammar makes, from random weights at temperature 2, as the parts that a caller gets.

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { collect, type Opened, openSource } from "../../src/engine/testing.ts";
import type { ChatOptions, ToolCallPart } from "../../src/engine/types.ts";
import { withTinyModel } from "../support/tiny.ts";

const parameters = {
  type: "object",
  properties: {
    city: { type: "string", minLength: 1, maxLength: 8 },
    days: { type: "integer", minimum: 1, maximum: 14 },
    unit: { enum: ["c", "f"] },
    where: { $ref: "#/$defs/point" },
    note: { anyOf: [{ type: "string", maxLength: 5 }, { type: "null" }] },
    mixed: {
      anyOf: [
        { type: "string", maxLength: 5 },
        { type: "integer", minimum: 3, maximum: 4 },
      ],
    },
    free: { type: "string" },
    tags: { type: "array", items: { type: "string", maxLength: 3 }, maxItems: 2 },
  },
  required: ["city", "days", "where"],
  additionalProperties: false,
  $defs: {
    point: {
      type: "object",
      properties: { x: { type: "number" }, y: { type: "number" } },
      required: ["x", "y"],
      additionalProperties: false,
    },
  },
};
const weather = { type: "function", function: { name: "weather", parameters, strict: true } };
const clock = { type: "function", function: { name: "clock", parameters: { type: "object", properties: {} } } };
const tools = [weather, clock];
const validate = new Ajv2020({ strict: false }).compile(parameters);

const openWith = (family: string): Promise<Opened> =>
  withTinyModel(family, (folder) => openSource(folder, { device: "wasm", contextTokens: 4096 }));

async function ask({ client }: Opened, seed: number, options: ChatOptions) {
  const wild = {
    temperature: 2,
    topK: 0,
    topP: 1,
    minP: 0,
    presencePenalty: 0,
    maxTokens: 260,
    thinking: false,
    tools,
  };
  const messages = [{ role: "user", content: "hi" }];
  const { parts, text, end } = await collect(
    client.stream("chat", { messages, options: { ...wild, seed, ...options } }),
  );
  const calls = parts.filter((part): part is ToolCallPart => part.type === "tool-call");
  return { parts, text, end, calls };
}

describe.each(["qwen3", "qwen3.5"])("with the template of %s", (family) => {
  it("required calls are made, and their arguments meet the schema", async () => {
    await using model = await openWith(family);
    const seen = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const { text, end, calls } = await ask(model, seed, { toolChoice: "required", parallelToolCalls: seed % 2 > 0 });
      expect([text.trim(), end.reason]).toEqual(["", "tool-calls"]);
      expect(calls.length).toBeGreaterThan(0);
      if (seed % 2 === 0) expect(calls).toHaveLength(1);
      for (const { name, arguments: given } of calls) {
        seen.add(name);
        const value = JSON.parse(given);
        if (name === "clock") expect(value).toEqual({});
        else expect(validate(value) ? [] : [given, validate.errors]).toEqual([]);
      }
    }
    expect(seen).toEqual(new Set(["weather", "clock"]));
  });

  it("a named tool is called once", async () => {
    await using model = await openWith(family);
    const { calls } = await ask(model, 3, { toolChoice: { name: "weather" } });
    expect(calls.map(({ name }) => name)).toEqual(["weather"]);
    await expect(ask(model, 3, { toolChoice: { name: "nothing" } })).rejects.toThrow('the tool "nothing"');
  });

  it("with auto a call may follow a text, and is as it should be", async () => {
    await using model = await openWith(family);
    const call = await model.client.call("tokenize", { text: "<tool_call>", special: "all" });
    let made = 0;
    for (let seed = 0; seed < 6; seed++) {
      // A bias that makes random weights want to call.
      const bias = { [call[0]]: seed % 2 > 0 ? 20 : -20 };
      const { calls, end, text } = await ask(model, seed, { logitBias: bias, maxTokens: 200 });
      for (const { name, arguments: given } of calls)
        expect(name !== "weather" || validate(JSON.parse(given))).toBe(true);
      if (calls.length > 0) expect(end.reason).toBe("tool-calls");
      expect(text).not.toContain("<tool_call>");
      made += calls.length;
    }
    expect(made).toBeGreaterThan(0);
  });

  it("none shows no tools and makes no call", async () => {
    await using model = await openWith(family);
    const call = await model.client.call("tokenize", { text: "<tool_call>", special: "all" });
    const none = { toolChoice: "none", logitBias: { [call[0]]: 50 }, maxTokens: 30 } as const;
    const { calls, end, text } = await ask(model, 1, none);
    expect([calls, text.includes("<tool_call>")]).toEqual([[], false]);
    const without = await ask(model, 1, { ...none, tools: undefined, toolChoice: undefined, maxTokens: 1 });
    expect(end.usage.promptTokens).toBe(without.end.usage.promptTokens);
  });

  it("thoughts come before a document, and leave room for it", async () => {
    await using model = await openWith(family);
    const format = { type: "json-schema", schema: { type: "array", items: { const: 1 }, minItems: 2 } } as const;
    const think = await model.client.call("tokenize", { text: "<think>", special: "all" });
    const { parts, text, end } = await ask(model, 1, {
      tools: undefined,
      thinking: true,
      format,
      maxTokens: 60,
      logitBias: { [think[0]]: 50 },
    });
    expect(parts.some(({ type }) => type === "reasoning")).toBe(true);
    expect(end.reason).toBe("stop");
    expect(new Set(JSON.parse(text))).toEqual(new Set([1]));
  });
});
