import { expect, it } from "vitest";
import { fieldNames, inFields } from "./field-names.ts";

it("tells the engine's errors by the names of fields, as each route calls them", () => {
  const told = (path: string, message: string, request?: object) => inFields(message, fieldNames(path, request));
  const chat = "/v1/chat/completions";
  expect(told(chat, "maxTokens is 0; expected a whole number from 1 on")).toEqual({
    param: "max_completion_tokens",
    message: "max_completion_tokens is 0; expected a whole number from 1 on",
  });
  expect(told("/v1/responses", "maxTokens is 0").param).toBe("max_output_tokens");
  expect(told("/v1/messages", 'stop is ""; expected').message).toBe('stop_sequences is ""; expected');
  expect(told(chat, "logitBias[5] is 1; expected").param).toBe("logit_bias[5]");
  expect(told(chat, "format: schema at #: uniqueItems is not supported")).toEqual({
    param: "response_format",
    message: "response_format: schema at #: uniqueItems is not supported",
  });
  expect(told(chat, "format: no text matches it", { structured_outputs: { regex: "a" } }).param).toBe(
    "structured_outputs",
  );
  expect(told("/v1/responses", "format: no text matches it").param).toBe("text.format");
  expect(told(chat, "ignoreEos and format contradict each other").message).toMatch(/^ignore_eos and format/);
  expect(told("/v1/embeddings", "embed: dimensions is 9; this model has 1 to 8")).toEqual({
    param: "dimensions",
    message: "dimensions is 9; this model has 1 to 8",
  });
  expect(told(chat, "… leave out toolChoice, parallelToolCalls and strict").message).toBe(
    "… leave out tool_choice, parallel_tool_calls and strict",
  );
  expect(told(chat, "a stop text is empty; give one").param).toBeUndefined();
});
