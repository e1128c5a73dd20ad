// The embedded model's data: the same bytes every time, calls that the schemas allow, words copied as they were said, and nothing of
// what is held out in what is trained on.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrokenRecords, readRecords } from "../../src/train/data/read-records.ts";

interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
interface Message {
  readonly role: string;
  readonly content: string;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
}
interface Conversation {
  readonly messages: readonly Message[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
}
interface HeldOut {
  readonly say: string;
  readonly language: string;
  readonly kind: string;
  readonly calls?: readonly Call[];
  readonly answer?: string;
  readonly tools?: readonly string[];
}

const script = fileURLToPath(new URL("generate.mjs", import.meta.url));
const schemas = new URL("../../assets/embedded/tools.json", import.meta.url);
const spans = ["destination", "recipient", "text", "query", "near"];

let folder = "";
let trainText = "";
let train: Conversation[] = [];
let heldOut: HeldOut[] = [];
const validators = new Map<string, (given: unknown) => boolean>();
const keys = new Map<string, string[]>();

const generate = (name: string, ...options: string[]) =>
  promisify(execFile)(process.execPath, [script, "--out", join(folder, name), ...options]);
const read = (name: string, file: string) => readFile(join(folder, name, file), "utf8");
const parse = <T>(text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
const small = ["--examples", "3000", "--heldout", "600", "--seed", "7"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "embedded-data-"));
  await generate("first", ...small);
  trainText = await read("first", "train.jsonl");
  train = parse<Conversation>(trainText);
  heldOut = parse<HeldOut>(await read("first", "heldout.jsonl"));
  const ajv = new Ajv({ strict: false });
  for (const { function: tool } of JSON.parse(await readFile(schemas, "utf8"))) {
    validators.set(tool.name, ajv.compile(tool.parameters));
    keys.set(tool.name, Object.keys(tool.parameters.properties));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function problemsOf(call: Call, said: string): string[] {
  const given = Object.keys(call.arguments);
  const known = keys.get(call.name) ?? [];
  return [
    ...(validators.get(call.name)?.(call.arguments) ? [] : ["not allowed by the schema"]),
    ...(known.filter((key) => given.includes(key)).join() === given.join() ? [] : ["keys out of order"]),
    ...spans
      .filter((key) => key in call.arguments && !said.includes(String(call.arguments[key])))
      .map((key) => `${key} was not said`),
  ].map((problem) => `${problem}: ${JSON.stringify(call)} for ${JSON.stringify(said)}`);
}

/** Every call with what the user has said since the last answer that was no question. */
function callsOf({ messages }: Conversation): { call: Call; said: string }[] {
  const said: string[] = [];
  return messages.flatMap(({ role, content, tool_calls: calls }) => {
    if (role === "user") said.push(content);
    if (!calls) return [];
    const all = said.splice(0).join("\n");
    return calls.map(({ function: { name, arguments: text } }) => ({
      call: { name, arguments: JSON.parse(text) },
      said: all,
    }));
  });
}

const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
const spansOf = (call: Call) =>
  spans.filter((key) => key in call.arguments).map((key) => `${key}: ${bare(String(call.arguments[key]))}`);

describe("the generated data", () => {
  test("is the same for the same seed, another for another", async () => {
    await generate("again", ...small);
    expect(await read("again", "train.jsonl")).toBe(trainText);
    expect(parse(await read("again", "heldout.jsonl"))).toEqual(heldOut);
    await generate("other", "--examples", "20", "--heldout", "20", "--seed", "8");
    expect(trainText.startsWith(await read("other", "train.jsonl"))).toBe(false);
  });

  test("is read by the trainer", () => {
    const broken = new BrokenRecords("stop");
    expect(readRecords("train.jsonl", trainText, broken)).toHaveLength(3000);
  });

  test("has only calls that the schemas allow, with words that were said, of tools that were passed", () => {
    const problems = train.flatMap((conversation) => {
      const passed = new Set(conversation.tools.map(({ function: { name } }) => name));
      return callsOf(conversation).flatMap(({ call, said }) => [
        ...problemsOf(call, said),
        ...(passed.has(call.name) ? [] : [`${call.name} was not passed`]),
      ]);
    });
    expect(problems).toEqual([]);
    const held = heldOut.flatMap(({ say, calls = [] }) => calls.flatMap((call) => problemsOf(call, say)));
    expect(held).toEqual([]);
  });

  test("leaves no slot unfilled and no alternative unchosen", () => {
    const texts = [...train.flatMap(({ messages }) => messages.filter(({ role }) => role !== "tool")), ...heldOut];
    const open = texts
      .map((item) => ("say" in item ? item.say : item.content))
      .filter((text) => /\{\w+\}|\[[^\]]*\|/.test(text));
    expect(open).toEqual([]);
  });

  test("holds out what it says it holds out", () => {
    const says = new Set(heldOut.map(({ say }) => bare(say)));
    // what phrasings of both sides name without a slot is no value
    const fixed = new Set(["destination: 家", "destination: home"]);
    const copied = new Set(
      heldOut.flatMap(({ calls = [] }) => calls.flatMap(spansOf)).filter((span) => !fixed.has(span)),
    );
    const shared = train.flatMap((conversation) => [
      ...conversation.messages.filter(({ role, content }) => role === "user" && says.has(bare(content))),
      ...callsOf(conversation).flatMap(({ call }) => spansOf(call).filter((span) => copied.has(span))),
    ]);
    expect(shared).toEqual([]);
  });

  test("has every tool and every kind in both sets and in every language", () => {
    const languages = new Set(heldOut.map(({ language }) => language));
    for (const language of languages) {
      const own = heldOut.filter((record) => record.language === language);
      const named = new Set(own.flatMap(({ calls = [] }) => calls.map(({ name }) => name)));
      expect(
        [...keys.keys()].filter((name) => !named.has(name)),
        language,
      ).toEqual([]);
      const kinds = new Set(own.map(({ kind }) => kind));
      expect([...kinds].sort()).toEqual(["about", "ask", "call", "outside", "passage", "refuse"]);
    }
    const trained = new Set(train.flatMap((conversation) => callsOf(conversation).map(({ call }) => call.name)));
    expect([...keys.keys()].filter((name) => !trained.has(name))).toEqual([]);
  });
});
