// The server through OpenAI's own client, on a tiny checkpoint with random weights: what it says is noise, but the same noise every
// time, streamed or whole, alone or among others.

import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load, type Qwen } from "../../src/index.ts";
import { createServer, type Listening, listen, type Server, type ServerOptions } from "../../src/server/index.ts";
import { fixture } from "./anyqwen.ts";

const messages = [{ role: "user" as const, content: "What is the capital of France?" }];
const model = "default";
const fixed = { model, messages, seed: 7, temperature: 1, max_completion_tokens: 24 };

let qwen: Qwen;
let open: { server: Server; listening: Listening }[] = [];

async function start(options: ServerOptions = {}): Promise<{ server: Server; url: string; client: OpenAI }> {
  const server = createServer(qwen, { name: "tiny", log: () => {}, ...options });
  const listening = await listen(server);
  open.push({ server, listening });
  const client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: options.apiKey ?? "none", maxRetries: 0 });
  return { server, url: listening.url, client };
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  qwen = await load(fixture("models/qwen3_tied"), {
    inProcess: true,
    device: "reference",
    contextTokens: 256,
    poolTokens: 4096,
  });
});
afterAll(async () => {
  for (const { listening } of open) await listening.close();
  open = [];
  await qwen.close();
});

describe("chat completions", () => {
  it("says the same streamed and whole, with usage", async () => {
    const { client } = await start();
    const whole = await client.chat.completions.create(fixed);
    const stream = await client.chat.completions.create({
      ...fixed,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let reasoning = "";
    let finish: string | null = null;
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const { choices, usage: told } of stream) {
      const delta = choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined;
      text += delta?.content ?? "";
      reasoning += delta?.reasoning_content ?? "";
      finish = choices[0]?.finish_reason ?? finish;
      usage = told ?? usage;
    }
    const [choice] = whole.choices;
    const message = choice.message as typeof choice.message & { reasoning_content?: string };
    expect(text).toBe(message.content);
    expect(reasoning).toBe(message.reasoning_content ?? "");
    expect(finish).toBe(choice.finish_reason);
    expect(whole.usage?.completion_tokens).toBeGreaterThan(0);
    expect(usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
    expect(usage?.prompt_tokens).toBe(whole.usage?.prompt_tokens);
    expect(usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
  });

  it("gives the same text alone and among fifteen others", async () => {
    const { client } = await start();
    const alone = (await client.chat.completions.create(fixed)).choices[0].message;
    const others = Array.from({ length: 15 }, (_, i) =>
      client.chat.completions.create({
        ...fixed,
        seed: 100 + i,
        messages: [{ role: "user", content: `Number ${i}, please.` }],
      }),
    );
    const [among] = await Promise.all([client.chat.completions.create(fixed), ...others]);
    expect(among.choices[0].message).toEqual(alone);
  });

  it("draws n choices, each its own, and tells log-probabilities", async () => {
    const { client } = await start();
    const { choices } = await client.chat.completions.create({ ...fixed, n: 3, logprobs: true, top_logprobs: 2 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(choices.map(({ message }) => JSON.stringify(message))).size).toBe(3);
    for (const { logprobs } of choices)
      for (const token of logprobs?.content ?? []) {
        expect(token.logprob).toBeLessThanOrEqual(0);
        expect(token.top_logprobs).toHaveLength(2);
      }
  });

  it("keeps to a schema, to choices and to a pattern, whatever the model would rather say", async () => {
    const { client } = await start();
    const schema = {
      type: "object",
      properties: { city: { type: "string", maxLength: 12 }, warm: { type: "boolean" } },
      required: ["city", "warm"],
      additionalProperties: false,
    };
    const asked = { ...fixed, temperature: 2, max_completion_tokens: 100 };
    const document = await client.chat.completions.create({
      ...asked,
      response_format: { type: "json_schema", json_schema: { name: "answer", schema } },
    });
    const parsed = JSON.parse(document.choices[0].message.content ?? "");
    expect(Object.keys(parsed).sort()).toEqual(["city", "warm"]);
    const choice = await client.chat.completions.create({
      ...asked,
      structured_outputs: { choice: ["yes", "no"] },
    } as typeof asked);
    expect(["yes", "no"]).toContain(choice.choices[0].message.content);
    const bad = {
      type: "json_schema" as const,
      json_schema: { name: "x", schema: { type: "array", uniqueItems: true } },
    };
    await expect(client.chat.completions.create({ ...asked, response_format: bad })).rejects.toThrow(/uniqueItems/);
  });

  it("ends at the token limit with finish_reason length, and at a stop text without it", async () => {
    const { client } = await start();
    const cut = await client.chat.completions.create({ ...fixed, max_completion_tokens: 2 });
    expect([cut.choices[0].finish_reason, cut.usage?.completion_tokens]).toEqual(["length", 2]);
    const whole = await client.completions.create({ model, prompt: "one two", max_tokens: 16, temperature: 0 });
    const { text } = whole.choices[0];
    const stop = text.slice(4, 7);
    const stopped = await client.completions.create({ model, prompt: "one two", max_tokens: 16, temperature: 0, stop });
    const [choice] = stopped.choices;
    expect([choice.text, choice.finish_reason]).toEqual([text.slice(0, text.indexOf(stop)), "stop"]);
  });
});

describe("other routes", () => {
  it("completes texts and ids, echoes, streams", async () => {
    const { client } = await start();
    const asked = { model, prompt: "one two", max_tokens: 8, temperature: 0 };
    const whole = await client.completions.create({ ...asked, echo: true });
    expect(whole.choices[0].text.startsWith("one two")).toBe(true);
    let text = "";
    for await (const { choices } of await client.completions.create({ ...asked, stream: true }))
      text += choices[0]?.text ?? "";
    expect(`one two${text}`).toBe(whole.choices[0].text);
    const ids = await qwen.tokenize("one two");
    const fromIds = await client.completions.create({ ...asked, prompt: ids });
    expect(fromIds.choices[0].text).toBe(text);
    const gap = client.completions.create({ ...asked, suffix: " four" });
    await expect(gap).rejects.toMatchObject({ status: 400, param: "suffix" }); // its vocabulary is too small for that
  });

  it("gives vectors of length one, in base64 (the client's default) and as numbers", async () => {
    const { client } = await start();
    const asked = { model, input: ["a cat", "a dog"] };
    const packed = await client.embeddings.create(asked);
    const plain = await client.embeddings.create({ ...asked, encoding_format: "float", dimensions: 8 });
    expect(packed.data).toHaveLength(2);
    const [{ embedding }] = packed.data;
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    expect(plain.data[0].embedding).toHaveLength(8);
    expect(Math.hypot(...plain.data[0].embedding)).toBeCloseTo(1, 5);
  });

  it("lists its model, turns text into ids and back, documents and measures itself", async () => {
    const { client, url } = await start();
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["tiny"]);
    const { tokens } = await (await post(`${url}/tokenize`, { content: "hello there" })).json();
    const { content } = await (await post(`${url}/detokenize`, { tokens })).json();
    expect(content).toBe("hello there");
    const document = await (await fetch(`${url}/openapi.json`)).json();
    expect(Object.keys(document.paths)).toContain("/v1/chat/completions");
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /^anyqwen_requests_total\{route="\/tokenize",status="200"\} 1$/m,
    );
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok", active: 0 });
  });
});

describe("what is refused", () => {
  it("in OpenAI's form, naming the field", async () => {
    const { client, url } = await start();
    await expect(client.chat.completions.create({ ...fixed, model: "gpt-5" })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
    await expect(client.chat.completions.create({ ...fixed, temperature: -1 })).rejects.toMatchObject({
      status: 400,
      param: "temperature",
    });
    await expect(
      client.chat.completions.create({ ...fixed, messages: [{ role: "user", content: "x ".repeat(400) }] }),
    ).rejects.toMatchObject({
      status: 400,
      code: "context_length_exceeded",
      param: "messages",
      message: expect.stringMatching(/shorten it, or have it served with a longer context \(--ctx\)$/),
    });
    await expect(client.chat.completions.create({ ...fixed, logit_bias: { 99999999: 1 } })).rejects.toMatchObject({
      param: "logit_bias[99999999]",
      message: expect.stringMatching(/^400 logit_bias\[9+\] is 1/),
    });
    await expect(
      client.chat.completions.create({ ...fixed, messages: [{ role: "user", content: 5 as unknown as string }] }),
    ).rejects.toThrow("messages[0].content is 5; expected a text or a list");
    const image = [{ type: "image_url" as const, image_url: { url: "http://127.0.0.1/x.png" } }];
    await expect(
      client.chat.completions.create({ ...fixed, messages: [{ role: "user", content: image }] }),
    ).rejects.toThrow(/image_url/);
    const broken = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect([broken.status, (await broken.json()).error.type]).toEqual([400, "invalid_request_error"]);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });

  it("a wrong key, a foreign page, a rebound name, a body without end", async () => {
    const { url, client } = await start({ apiKey: "secret", maxBodyBytes: 4096, origins: ["https://app.example"] });
    expect((await client.models.list()).data).toHaveLength(1);
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: { authorization: "Bearer secre" } })).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: { "x-api-key": "secret" } })).status).toBe(200);
    const key = { "x-api-key": "secret" };
    const memory = async (headers: object) =>
      (await (await fetch(`${url}/health`, { headers: { ...headers } })).json()).memory_bytes;
    expect([await memory({}), await memory({ "x-api-key": "guess" })]).toEqual([undefined, undefined]);
    expect(await memory(key)).toBeGreaterThan(0);
    expect((await post(`${url}/tokenize`, { content: "x" }, { ...key, origin: "https://evil.example" })).status).toBe(
      403,
    );
    const allowed = await post(`${url}/tokenize`, { content: "x" }, { ...key, origin: "https://app.example" });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect((await post(`${url}/tokenize`, { content: "x".repeat(5000) }, key)).status).toBe(413);
    const { server } = open[open.length - 1];
    expect((await server.fetch(new Request("http://evil.example/health"))).status).toBe(403);
  });

  it("a body that is not called JSON, an empty key, a deadline beyond all timers, an id beyond the vocabulary", async () => {
    const { url } = await start();
    const untyped = await fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(fixed) });
    expect([untyped.status, (await untyped.json()).error.message]).toEqual([
      415,
      expect.stringContaining("application/json"),
    ]);
    expect(() => createServer(qwen, { apiKey: "" })).toThrow(/apiKey is empty/);
    expect(() => createServer(qwen, { deadlineMs: 5e9 })).toThrow(/deadlineMs/);
    expect((await post(`${url}/detokenize`, { tokens: [99999999] })).status).toBe(400);
    expect((await post(`${url}/v1/completions`, { prompt: "a", structured_outputs: { regexp: "a" } })).status).toBe(
      400,
    );
  });

  it("counts under the names of its routes alone", async () => {
    const { url } = await start({ apiKey: "secret" });
    for (const path of ["/a1", "/a2", "/v1/models/x"]) await fetch(url + path);
    const text = await (await fetch(`${url}/metrics`, { headers: { "x-api-key": "secret" } })).text();
    const counted = [...text.matchAll(/^anyqwen_requests_total\{route="([^"]+)"/gm)].map(([, route]) => route);
    expect(new Set(counted)).toEqual(new Set(["other", "/v1/models"]));
  });

  it("one prompt of many too many: the others end with it", async () => {
    const { url } = await start({ slots: 2, queue: 0 });
    const many = { prompt: Array.from({ length: 12 }, () => "a"), max_tokens: 200, ignore_eos: true };
    const whole = await post(`${url}/v1/completions`, { ...many, max_tokens: 2 });
    expect((await whole.json()).choices).toHaveLength(12);
    const hold = post(`${url}/v1/completions`, { prompt: "b", max_tokens: 200, ignore_eos: true });
    const refused = await post(`${url}/v1/completions`, many);
    expect(refused.status).toBe(429);
    await hold;
    expect((await (await fetch(`${url}/health`)).json()).active).toBe(0);
  });

  it("whoever comes when the queue is full, and when the server is stopping", async () => {
    const { client, server } = await start({ slots: 1, queue: 1 });
    const asked = { ...fixed, max_completion_tokens: 100 };
    const answers = await Promise.allSettled(Array.from({ length: 4 }, () => client.chat.completions.create(asked)));
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    expect(refused).toHaveLength(2);
    for (const error of refused) {
      expect(error.status).toBe(429);
      expect(Number(error.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    await server.drain();
    await expect(client.chat.completions.create(fixed)).rejects.toMatchObject({ status: 503 });
  });
});

it("a client that leaves ends its answer and gives the slot back", async () => {
  const { url, client } = await start({ slots: 1, queue: 0 });
  const leave = new AbortController();
  const stream = await client.chat.completions.create(
    { ...fixed, max_completion_tokens: 200, stream: true },
    { signal: leave.signal },
  );
  for await (const _ of stream) break;
  leave.abort();
  const deadline = Date.now() + 5000;
  let active = 1;
  while (active > 0 && Date.now() < deadline) active = (await (await fetch(`${url}/health`)).json()).active;
  expect(active).toBe(0);
  expect((await client.chat.completions.create({ ...fixed, max_completion_tokens: 2 })).choices).toHaveLength(1);
});
