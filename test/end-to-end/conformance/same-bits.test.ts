// An answer over HTTP, text and log-probabilities, is the same bits whether its request is alone on a fresh model or among fifteen
// others that do all the server can.

import OpenAI from "openai";
import { expect, it } from "vitest";
import { question, serveTiny, weatherSchema } from "./served.ts";

const asked = {
  model: "default",
  messages: [{ role: "user" as const, content: question }],
  temperature: 1,
  seed: 11,
  max_completion_tokens: 40,
  logprobs: true,
  top_logprobs: 5,
};

it("the same bits alone and among fifteen others", async () => {
  const alone = await answers(async (client) => [await client.chat.completions.create(asked)]);
  const [before, ...others] = await answers((client) =>
    Promise.all([client.chat.completions.create(asked), ...fifteen(client)]),
  );
  expect(others).toHaveLength(15);
  expect(before).toEqual(alone[0]);
  const last = await answers(async (client) =>
    (await Promise.all([...fifteen(client), client.chat.completions.create(asked)])).slice(15),
  );
  expect(last[0]).toEqual(alone[0]);
  expect(JSON.stringify(alone).length).toBeGreaterThan(1000);
});

/** On a model that has answered nothing yet: what was chosen, without ids and times. */
async function answers(ask: (client: OpenAI) => Promise<OpenAI.ChatCompletion[]>) {
  await using served = await serveTiny();
  const client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: "none", maxRetries: 0 });
  return (await ask(client)).map(({ choices }) => choices);
}

/** Texts of all lengths, streamed ones, documents, calls, and prompts that begin like the one they surround. */
function fifteen(client: OpenAI): Promise<OpenAI.ChatCompletion>[] {
  return Array.from({ length: 15 }, (_, i) => {
    const content = i % 3 === 0 ? `${question} And in city number ${i}?` : `${i} `.repeat(1 + 5 * i);
    const other = {
      ...asked,
      seed: i,
      max_completion_tokens: 10 + 8 * i,
      messages: [{ role: "user" as const, content }],
    };
    const tools = [{ type: "function" as const, function: { name: "weather", parameters: weatherSchema } }];
    const format = { type: "json_schema" as const, json_schema: { name: "weather", schema: weatherSchema } };
    if (i % 4 === 1) return client.chat.completions.stream(other).finalChatCompletion();
    if (i % 4 === 2)
      return client.chat.completions.create({ ...other, max_completion_tokens: 150, tools, tool_choice: "required" });
    if (i % 4 === 3)
      return client.chat.completions.create({ ...other, max_completion_tokens: 150, response_format: format });
    return client.chat.completions.create(other);
  });
}
