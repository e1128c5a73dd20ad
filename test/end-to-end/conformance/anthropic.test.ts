// Anthropic's own client against the server: tools, thoughts and documents, streamed and whole. Texts are in server-shapes.test.ts.

import Anthropic from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { person, question, type Served, serveTiny, weatherInput, weatherSchema } from "./served.ts";

const messages: Anthropic.MessageParam[] = [{ role: "user", content: question }];
const asked = { model: "default", temperature: 0, max_tokens: 160, messages };
const weather = { name: "weather", description: "Weather of a city", input_schema: weatherSchema };
const one = { disable_parallel_tool_use: true };

let served: Served;
let client: Anthropic;

beforeAll(async () => {
  served = await serveTiny();
  client = new Anthropic({ baseURL: served.url, apiKey: "none", maxRetries: 0 });
});
afterAll(() => served[Symbol.asyncDispose]());

const callsOf = ({ content }: Anthropic.Message) =>
  content.flatMap((block) => (block.type === "tool_use" ? [block] : []));

const textOf = ({ content }: Anthropic.Message) =>
  content.map((block) => (block.type === "text" ? block.text : "")).join("");

it("any: a call that validates, streamed the same, counted beforehand, and answered", async () => {
  const calling = { ...asked, tools: [weather], tool_choice: { type: "any" as const, ...one } };
  const whole = await client.messages.create(calling);
  const streamed = await client.messages.stream(calling).finalMessage();
  expect([whole.stop_reason, streamed.stop_reason]).toEqual(["tool_use", "tool_use"]);
  const [call] = callsOf(whole);
  weatherInput.parse(call.input);
  expect(callsOf(streamed).map(({ name, input }) => ({ name, input }))).toEqual([
    { name: "weather", input: call.input },
  ]);
  const { input_tokens } = await client.messages.countTokens({ model: "default", messages, tools: [weather] });
  expect(whole.usage.input_tokens + (whole.usage.cache_read_input_tokens ?? 0)).toBe(input_tokens);
  const answer = await client.messages.create({
    ...calling,
    messages: [
      ...messages,
      { role: "assistant", content: whole.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "rain" }] },
    ],
    tool_choice: { type: "none" },
    max_tokens: 8,
  });
  expect(callsOf(answer)).toEqual([]);
  expect(answer.usage.cache_read_input_tokens).toBeGreaterThan(0);
});

it("tool: the named one of several", async () => {
  const clock = { name: "clock", input_schema: { type: "object" as const, properties: {} } };
  const message = await client.messages.create({
    ...asked,
    tools: [clock, weather],
    tool_choice: { type: "tool", name: "clock", ...one },
  });
  expect(callsOf(message)).toMatchObject([{ name: "clock", input: {} }]);
});

it("a document meets its schema, streamed and whole; parse reads it", async () => {
  const format = { type: "json_schema" as const, schema: z.toJSONSchema(person) };
  const whole = await client.messages.parse({ ...asked, output_config: { format } });
  const streamed = await client.messages.stream({ ...asked, output_config: { format } }).finalMessage();
  expect(textOf(streamed)).toBe(textOf(whole));
  person.parse(JSON.parse(textOf(whole)));
  // The helper takes what the API does not know (bounds) out of a schema, so one without.
  const pet = z.object({ kind: z.enum(["cat", "dog"]), tame: z.boolean() });
  const { parsed_output } = await client.messages.parse({ ...asked, output_config: { format: zodOutputFormat(pet) } });
  expect(pet.parse(parsed_output)).toEqual(parsed_output);
});
