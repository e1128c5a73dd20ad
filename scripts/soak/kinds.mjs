// What the connections send, each kind as often as its weight says. `at` is { url, agent, headers }, `random` gives numbers in [0, 1).

import { parsed, plain, refused, streamed, Wrong, whole } from "./answers.mjs";
import { sendHalf } from "./http.mjs";

const chatPath = "/v1/chat/completions";
const words = "river stone quiet lamp seven orange cloud market".split(" ");
const pick = (random, items) => items[Math.floor(random() * items.length)];
const between = (random, least, most) => least + Math.floor(random() * (most - least + 1));
const sentence = (random, count) => Array.from({ length: count }, () => pick(random, words)).join(" ");

const conversation = (random, count = between(random, 1, 12)) => [{ role: "user", content: sentence(random, count) }];
const chat = (random, more = {}) => ({
  path: chatPath,
  body: { messages: conversation(random), temperature: 1, max_tokens: between(random, 1, 60), ...more },
});
const finish = ({ choices }) => choices[0].finish_reason;
const chatReason = (events) => {
  const last = events.findLast((event) => event.choices?.[0]?.finish_reason);
  return events.at(-1) === "[DONE]" && last ? finish(last) : undefined;
};

const thing = (random) => ({
  type: "object",
  title: pick(random, words),
  properties: {
    name: { type: "string", maxLength: 8 },
    size: { type: "integer", minimum: 0, maximum: 99 },
    tags: { type: "array", items: { enum: ["a", "b", "c"] }, maxItems: 3 },
  },
  required: ["name", "size", "tags"],
  additionalProperties: false,
});

function checkThing({ choices: [{ message, finish_reason }] }) {
  if (finish_reason === "length") return "length";
  const { name, size, tags, ...more } = parsed(message.content, "a document");
  const sound = [
    typeof name === "string" && [...name].length <= 8,
    Number.isInteger(size) && size >= 0 && size <= 99,
    Array.isArray(tags) && tags.length <= 3 && tags.every((tag) => ["a", "b", "c"].includes(tag)),
    Object.keys(more).length === 0,
  ];
  if (sound.includes(false)) throw new Wrong(`a document outside its schema: ${message.content}`);
  return finish_reason;
}

function checkVectors({ data }) {
  for (const { embedding } of data)
    if (!(Math.abs(Math.hypot(...embedding) - 1) < 1e-3)) throw new Wrong("a vector that is not of length one");
}

const malformed = ["{", "", "[1,2", '{"messages":', "\u0000", "null", '"text"', "{'a':1}"];
const hello = [{ role: "user", content: "x" }];
const mistyped = [
  { messages: "hello" },
  { messages: [] },
  { messages: [{ role: "king", content: "x" }] },
  { messages: [{ role: "user", content: 7 }] },
  { messages: hello, temperature: "hot" },
  { messages: hello, max_tokens: 0 },
  { messages: hello, stop: { a: 1 } },
  { messages: hello, response_format: { type: "json_schema" } },
  { messages: hello, tools: [{ type: "function" }] },
];
/** One byte beyond what a server reads. */
const oversized = Buffer.alloc((16 << 20) + 1, 0x20);

const kind = (weight, name, ask) => ({ weight, name, ask });

export const kinds = [
  kind(8, "stream", (at, random) => streamed(at, chat(random, { stream: true }), chatReason)),
  kind(4, "answer", (at, random) => whole(at, chat(random), finish)),
  kind(2, "choices", (at, random) => {
    const n = between(random, 2, 4);
    const count = ({ choices }) => (choices.length === n ? "all" : "some");
    return whole(at, chat(random, { n, logprobs: true, top_logprobs: 2 }), count);
  }),
  kind(6, "leaves a stream", (at, random) => {
    const leaveMs = between(random, 0, 400);
    return streamed(at, { ...chat(random, { stream: true, max_tokens: 200 }), leaveMs }, chatReason);
  }),
  kind(2, "leaves", (at, random) =>
    whole(at, { ...chat(random, { max_tokens: 200 }), leaveMs: between(random, 0, 400) }, finish),
  ),
  kind(4, "dozes", (at, random) => {
    const request = chat(random, { stream: true, max_tokens: 200, logprobs: true, top_logprobs: 20 });
    return streamed(at, { ...request, dozeMs: between(random, 500, 4000) }, chatReason);
  }),
  kind(3, "responses", (at, random) => {
    // not stored: what is kept for later is memory that does not come back
    const body = { input: sentence(random, 5), stream: true, store: false, max_output_tokens: between(random, 1, 40) };
    const reason = (events) => /^response\.(completed|incomplete)$/.exec(events.at(-1)?.type)?.[1];
    return streamed(at, { path: "/v1/responses", body }, reason);
  }),
  kind(3, "messages", (at, random) => {
    const body = { model: "default", messages: conversation(random), stream: true, max_tokens: between(random, 1, 40) };
    const reason = (events) =>
      events.at(-1)?.type === "message_stop" && events.find(({ type }) => type === "message_delta")?.delta.stop_reason;
    return streamed(at, { path: "/v1/messages", body }, reason);
  }),
  kind(3, "completions", (at, random) => {
    const body = { prompt: [sentence(random, 3), sentence(random, 9)], max_tokens: between(random, 1, 30) };
    return whole(at, { path: "/v1/completions", body }, finish);
  }),
  kind(4, "document", (at, random) => {
    const response_format = { type: "json_schema", json_schema: { name: "thing", schema: thing(random) } };
    return whole(at, chat(random, { temperature: 2, max_tokens: 120, response_format }), checkThing);
  }),
  kind(3, "embeddings", (at, random) => {
    const body = { input: [sentence(random, 4), sentence(random, 20)], encoding_format: "float" };
    return whole(at, { path: "/v1/embeddings", body }, checkVectors);
  }),
  kind(3, "long prompt", (at, random) => {
    const messages = conversation(random, between(random, 40, 60));
    return streamed(at, chat(random, { messages, max_tokens: 8, stream: true }), chatReason);
  }),
  kind(1, "too long", (at, random) => refused(at, chat(random, { messages: conversation(random, 600) }), 400)),
  kind(2, "tokens", (at, random) =>
    whole(at, { path: "/tokenize", body: { content: sentence(random, 30) } }, () => ""),
  ),
  kind(2, "malformed", (at, random) => {
    const path = pick(random, [chatPath, "/v1/responses", "/v1/embeddings"]);
    return refused(at, { path, body: pick(random, malformed) }, 400);
  }),
  kind(2, "wrong types", (at, random) => refused(at, { path: chatPath, body: pick(random, mistyped) }, 400)),
  kind(1, "oversized", (at) => refused(at, { path: chatPath, body: oversized }, 413)),
  kind(1, "half a body", async (at, random) => {
    await sendHalf(at.url, { path: chatPath, holdMs: between(random, 50, 3000) });
    return "gone";
  }),
  kind(1, "no such route", (at) => refused(at, { method: "GET", path: "/v1/nothing" }, 404)),
  kind(1, "metrics", (at) => plain(at, { method: "GET", path: "/metrics" })),
];

const stranger = (headers) => ({ path: chatPath, body: { messages: hello }, headers });

/** Who is not let in, where there is no key: a rebound name, a page of another site. */
export const strangers = [
  kind(1, "wrong host", (at) => refused(at, stranger({ host: "evil.example" }), 403)),
  kind(1, "wrong origin", (at) => refused(at, stranger({ origin: "https://evil.example" }), 403)),
];

/** And where there is one. */
export const keyless = [
  kind(2, "wrong key", (at) => refused(at, stranger({ authorization: "Bearer no" }), 401)),
  kind(2, "no key", (at) => refused(at, stranger({}), 401)),
];
