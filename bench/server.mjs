// The server under load, through OpenAI's own client: tokens per second of 1, 4 and 16 clients at once, the time to their first
// tokens, how fast /health answers meanwhile, and the second turn of a long conversation; beside llama-server with sixteen slots.
// Each client asks about its own bicycle below a system prompt that all share, 64 tokens, greedy; a round ends with its last client.
// Usage: node bench/server.mjs [--runs 3] [--model FILE] [--threads 2] [--clients 1,4,16] [--tokens 64]

import { basename } from "node:path";
import OpenAI from "openai";
import { emit, figure, interleave, models, readOptions } from "./support/common.mjs";
import { llamaServer, ours, served } from "./support/served.mjs";

const defaults = { runs: 3, model: "", threads: 2, clients: "1,4,16", tokens: 64 };
const { runs, model: given, threads, clients, tokens } = readOptions(defaults);
const counts = clients.split(",").map(Number);
const files = models(given, "q4_k_m", "q4_0");

const house = `You answer for a workshop that mends bicycles in a small town by a river. Be friendly, write whole sentences, and
never write a list. The workshop opens at nine and closes at six, Tuesdays to Saturdays. An inner tube is eight euros, a chain is
twenty-five, brake pads are twelve, and an hour of work is forty. Bicycles with a motor are seen on Thursdays alone, since that is
when Anna comes in, who knows them. A bicycle may stay in the yard over night if it has a lock of its own. If you cannot know
something, say that you do not, and offer to ask the owner. Give reasons for what you advise, one after the other, at length.`;
const places = [
  "the mill",
  "the harbour",
  "the station",
  "the church",
  "the school",
  "the bridge",
  "the park",
  "the market",
];
let customers = 0;
const question = () =>
  `This is customer number ${1000 + customers++}, writing from ${places[customers % 8]}. My back wheel wobbles when I go downhill ` +
  "and the front brake squeals in the rain. What would you look at first, what may it come to, and when can I bring it?";

const words =
  "a lantern stood near every door while boats came slowly home with salt wool and letters from the north".split(" ");
/** A text of plain words that no other number gives. */
function story(number, length) {
  let state = (number * 2654435761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return words[(state >>> 0) % words.length];
  };
  return Array.from({ length }, next).join(" ");
}

async function ask(client, messages, most) {
  const start = performance.now();
  const stream = await client.chat.completions.create({
    model: "default",
    messages,
    max_tokens: most,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  });
  let [first, text, made] = [undefined, "", 0];
  for await (const { choices, usage } of stream) {
    const piece = choices[0]?.delta?.content;
    if (piece) first ??= performance.now() - start;
    text += piece ?? "";
    made = usage?.completion_tokens ?? made;
  }
  if (first === undefined) throw new Error("the server streamed no text");
  return { first, text, made };
}

const clientOf = (address) => new OpenAI({ baseURL: `${address}/v1`, apiKey: "none", timeout: 300_000, maxRetries: 0 });

/** Rates, waits and answers of /health by number of clients. */
async function underLoad(address) {
  const client = clientOf(address);
  const chat = () => [
    { role: "system", content: house },
    { role: "user", content: question() },
  ];
  await ask(client, chat(), tokens); // a running service has seen the prompt that all share
  const taken = {};
  for (const count of counts) {
    const start = performance.now();
    const health = count > 1 ? pollHealth(address) : undefined;
    const answers = await Promise.all(Array.from({ length: count }, () => ask(client, chat(), tokens)));
    const seconds = (performance.now() - start) / 1000;
    taken[`rate ${count}`] = answers.reduce((sum, { made }) => sum + made, 0) / seconds;
    taken[`first ${count}`] = answers.reduce((sum, { first }) => sum + first, 0) / count;
    if (health) taken[`health ${count}`] = await health.stop();
  }
  return taken;
}

/** Asks /health every 20 ms; stop() gives the 99th percentile of its answers in ms. */
function pollHealth(address) {
  const waits = [];
  let over = false;
  const poll = (async () => {
    while (!over) {
      const start = performance.now();
      await (await fetch(`${address}/health`)).arrayBuffer();
      waits.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      over = true;
      await poll;
      waits.sort((a, b) => a - b);
      return waits[Math.ceil(waits.length * 0.99) - 1];
    },
  };
}

async function secondTurn(address) {
  const client = clientOf(address);
  const begin = [
    { role: "system", content: `Story ${customers++}. ${story(customers, 1900)}` },
    { role: "user", content: "Is there a boat in this story?" },
  ];
  const cold = await ask(client, begin, 16);
  const answered = { role: "assistant", content: cold.text };
  const more = { role: "user", content: "And where did the letters come from, and what came with them?" };
  const warm = await ask(client, [...begin, answered, more], 16);
  return { cold: cold.first, warm: warm.first };
}

const figures = [];
for (const model of files) {
  const take = async (slots, measure) => {
    const servers = [ours(model, { threads }), llamaServer(model, { threads, slots })].filter(Boolean);
    const turns = servers.map((server) => () => served(server, measure));
    return interleave(runs, turns);
  };
  const add = (rounds, name, key, unit, better) => {
    const [own, other] = rounds.map((round) => round.map((taken) => taken[key]));
    const facts = { name, model: basename(model), unit, better };
    figures.push(figure({ ...facts, ours: own, besideName: "llama-server", beside: other }));
  };
  const loaded = await take(16, underLoad);
  for (const count of counts) {
    const who = `${count} client${count > 1 ? "s" : ""}`;
    add(loaded, `server, ${who}`, `rate ${count}`, "tokens/s", "more");
    add(loaded, `server, first token of ${who}`, `first ${count}`, "ms", "less");
    if (count > 1) add(loaded, `server, /health p99 under ${who}`, `health ${count}`, "ms", "less");
  }
  const turns = await take(4, secondTurn);
  add(turns, "server, first token after 2,000 tokens", "cold", "ms", "less");
  add(turns, "server, first token of the next turn", "warm", "ms", "less");
}
emit("server", figures, { threads });
