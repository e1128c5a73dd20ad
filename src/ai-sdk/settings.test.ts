import { expect, it } from "vitest";
import { embeddingOptionsOf, settingsOf } from "./settings.ts";

const inputSchema = { type: "object" as const, properties: { city: { type: "string" as const } } };

it("knows every setting by our name, and leaves out what was not given", () => {
  const { options, warnings } = settingsOf({
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.9,
    topK: 20,
    presencePenalty: 1,
    frequencyPenalty: 0.1,
    seed: 7,
    stopSequences: ["END"],
    providerOptions: { anyqwen: { thinking: false, minP: 0.05 }, openai: { store: true } },
  });
  expect(options).toEqual({
    maxTokens: 9,
    temperature: 0.5,
    topP: 0.9,
    topK: 20,
    presencePenalty: 1,
    frequencyPenalty: 0.1,
    seed: 7,
    stop: ["END"],
    thinking: false,
    minP: 0.05,
  });
  expect(warnings).toEqual([]);
  expect(settingsOf({}).options).toEqual({});
});

it("makes functions and choices of tools, and warns of what there is not", () => {
  const { options, warnings } = settingsOf({
    tools: [
      { type: "function", name: "weather", description: "of a city", inputSchema, strict: true },
      { type: "function", name: "clock", inputSchema, inputExamples: [{ input: {} }] },
      { type: "provider", id: "openai.web_search", name: "search", args: {} },
    ],
    toolChoice: { type: "tool", toolName: "clock" },
  });
  expect(options).toEqual({
    tools: [
      {
        type: "function",
        function: { name: "weather", description: "of a city", parameters: inputSchema, strict: true },
      },
      { type: "function", function: { name: "clock", parameters: inputSchema } },
    ],
    toolChoice: { name: "clock" },
  });
  expect(warnings).toMatchObject([
    { type: "unsupported", feature: "inputExamples of tool clock" },
    { type: "unsupported", feature: "provider tool openai.web_search" },
  ]);
  for (const type of ["auto", "none", "required"] as const)
    expect(settingsOf({ toolChoice: { type } }).options).toEqual({ toolChoice: type });
});

it("makes formats of response formats, one at most", () => {
  const json = { type: "json" as const };
  expect(settingsOf({ responseFormat: { type: "text" } }).options).toEqual({});
  expect(settingsOf({ responseFormat: json }).options).toEqual({ format: json });
  expect(settingsOf({ responseFormat: { ...json, schema: inputSchema } }).options).toEqual({
    format: { type: "json-schema", schema: inputSchema },
  });
  const providerOptions = { anyqwen: { format: { type: "choice", choices: ["yes", "no"] } } };
  expect(settingsOf({ providerOptions }).options).toEqual(providerOptions.anyqwen);
  expect(() => settingsOf({ providerOptions, responseFormat: json })).toThrow("one format");
});

it("refuses options of ours that there are not, by name", () => {
  expect(() => settingsOf({ providerOptions: { anyqwen: { temprature: 1 } } })).toThrow(
    /there is no option temprature; there are thinking, /,
  );
  expect(() => embeddingOptionsOf({ providerOptions: { anyqwen: { thinking: true } } })).toThrow(
    "there is no option thinking; there are dimensions, instruction",
  );
});
