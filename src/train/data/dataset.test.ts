// Data files: every shape, what is wrong with a line, lengths and splits.

import { describe, expect, it, test } from "vitest";
import { renderTemplate } from "../../text/render-template.ts";
import { fixtureText, qwen25 } from "../../text/testing.ts";
import type { ChatText } from "./chat-examples.ts";
import { makeDataset, splitExamples } from "./dataset.ts";
import { labelRuns, showLabels } from "./show-labels.ts";
import type { TrainingExample } from "./types.ts";

const tokenizer = qwen25();
const source = fixtureText("templates/qwen2.5.jinja");
const chatText: ChatText = {
  tokenizer,
  renderChat: async (options) => renderTemplate(source, options, { addedTokens: tokenizer.addedTokens }),
};
const text = async () => chatText;
const options = { length: 512, vocab: 151936 };
const lines = (...values: unknown[]) => ({
  name: "data.jsonl",
  text: values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join("\n"),
});

/** The conversation as the model sees it, with what is learnt in brackets. */
async function shown(value: unknown): Promise<string[]> {
  const { examples } = await makeDataset(lines(value), text, options);
  return examples.map(painted);
}

const painted = (example: TrainingExample): string =>
  showLabels(
    labelRuns(example, (ids) => tokenizer.decode(ids)),
    (run) => (run.supervised ? `[${run.text}]` : run.text),
  );

const asked = (system: string, ...turns: string[]) =>
  [`<|im_start|>system\n${system}<|im_end|>`, ...turns.map((turn) => `<|im_start|>${turn}`)].join("\n");
const standard = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
const body = (all: string) => all.slice(0, all.lastIndexOf("\n", all.length - 2)).trimEnd();

describe("shapes", () => {
  const one = asked(standard, "user\nHi<|im_end|>", "assistant\n[Hello<|im_end|>]");
  it.each<[string, unknown, string]>([
    [
      "messages",
      {
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Hello" },
        ],
      },
      one,
    ],
    [
      "ShareGPT",
      {
        conversations: [
          { from: "human", value: "Hi" },
          { from: "gpt", value: "Hello" },
        ],
      },
      one,
    ],
    ["Alpaca", { instruction: "Hi", input: "", output: "Hello" }, one],
    ["prompt and completion", { prompt: "Hi", completion: "Hello" }, one],
    [
      "prompt and completion as messages",
      { prompt: [{ role: "user", content: "Hi" }], completion: [{ role: "assistant", content: "Hello" }] },
      one,
    ],
    [
      "Alpaca with all that belongs to it",
      { system: "Be kind.", history: [["a", "b"]], instruction: "Hi", input: "there", output: "Hello" },
      asked(
        "Be kind.",
        "user\na<|im_end|>",
        "assistant\n[b<|im_end|>]",
        "user\nHi\nthere<|im_end|>",
        "assistant\n[Hello<|im_end|>]",
      ),
    ],
    [
      "ShareGPT with a call",
      {
        system: "S",
        conversations: [
          { from: "human", value: "Look" },
          { from: "function_call", value: '{"name": "look", "arguments": {"at": 1}}' },
          { from: "observation", value: "seen" },
          { from: "gpt", value: "Yes" },
        ],
      },
      asked(
        "S",
        "user\nLook<|im_end|>",
        'assistant\n[<tool_call>\n{"name": "look", "arguments": {"at": 1}}\n</tool_call><|im_end|>]',
        "user\n<tool_response>\nseen\n</tool_response><|im_end|>",
        "assistant\n[Yes<|im_end|>]",
      ),
    ],
  ])("%s", async (_, value, wanted) => {
    expect((await shown(value)).map(body)).toEqual([wanted]);
  });

  const says = (content: string) => ({ role: "assistant", content });
  const hi = { role: "user", content: "Hi" };
  it.each<[string, unknown]>([
    ["texts", { prompt: "Hi", chosen: "Hello", rejected: "Go" }],
    ["messages", { prompt: [hi], chosen: [says("Hello")], rejected: [says("Go")] }],
    ["messages and texts", { prompt: [hi], chosen: "Hello", rejected: "Go" }],
    ["whole conversations", { chosen: [hi, says("Hello")], rejected: [hi, says("Go")] }],
  ])("preference pairs as %s", async (_, value) => {
    const { examples } = await makeDataset(lines(value), text, { ...options, preferences: true });
    expect(examples).toHaveLength(1);
    const { rejected, ...chosen } = examples[0];
    expect(body(painted(chosen))).toBe(one);
    expect(rejected && body(painted(rejected))).toBe(one.replace("Hello", "Go"));
  });

  it("of preference pairs what comes before the answers is not learnt, even if the assistant says it", async () => {
    const begun = [hi, says("Yes?"), { role: "user", content: "Bye" }];
    for (const value of [
      { prompt: begun, chosen: [says("Bye!")], rejected: [says("No")] },
      { chosen: [...begun, says("Bye!")], rejected: [...begun, says("No")] },
    ]) {
      const { examples } = await makeDataset(lines(value), text, { ...options, preferences: true });
      expect(painted(examples[0])).toContain("assistant\nYes?<|im_end|>");
      expect(painted(examples[0])).toContain("assistant\n[Bye!<|im_end|>]");
    }
  });

  it("preference pairs of ids, behind those of their prompt", async () => {
    const nothing = async () => undefined;
    const value = { prompt_ids: [1, 2], chosen: { input_ids: [3, 4] }, rejected: { input_ids: [5], labels: [5] } };
    const { examples } = await makeDataset(lines(value), nothing, { ...options, preferences: true });
    expect(examples).toEqual([
      {
        input_ids: [1, 2, 3, 4],
        labels: [-100, -100, 3, 4],
        rejected: { input_ids: [1, 2, 5], labels: [-100, -100, 5] },
      },
    ]);
    const shorter = { ...options, preferences: true, length: 3, long: "cut" as const };
    const [{ input_ids, rejected }] = (await makeDataset(lines(value), nothing, shorter)).examples;
    expect([input_ids, rejected?.input_ids]).toEqual([
      [1, 2, 3],
      [1, 2, 5],
    ]);
  });

  it.each<[unknown, string]>([
    [{ prompt: "Hi", chosen: "a" }, "data.jsonl:1: rejected is missing; expected a list"],
    [{ prompt: "Hi", chosen: "a", rejected: "a" }, "chosen and rejected are the same"],
    [{ chosen: [hi], rejected: [hi, says("Go")] }, "chosen: nothing in it is the assistant's and not in the other"],
    [{ chosen: { input_ids: [1] }, rejected: [2] }, "rejected is a list; expected { input_ids, labels } as in chosen"],
    [{ chosen: { input_ids: [1, 2] }, rejected: { input_ids: [1] } }, "no token behind the first one is supervised"],
    [{ text: "x" }, "no preference pair, which method dpo learns from"],
  ])("refuses the pair %j", async (value, reason) => {
    await expect(makeDataset(lines(value), text, { ...options, preferences: true })).rejects.toThrow(reason);
  });

  it("preference pairs are for no other method", async () => {
    const pair = { prompt: "Hi", chosen: "a", rejected: "b" };
    await expect(makeDataset(lines(pair), text, options)).rejects.toThrow(
      "data.jsonl:1: a preference pair, which only method dpo learns from; mend it",
    );
  });

  it("ids with labels need no tokenizer; without labels all are learnt", async () => {
    const { examples } = await makeDataset(
      lines({ input_ids: [1, 2, 3], labels: [-100, -100, 3] }, { input_ids: [4, 5] }),
      () => {
        throw new Error("ids need no tokenizer");
      },
      options,
    );
    expect(examples).toEqual([
      { input_ids: [1, 2, 3], labels: [-100, -100, 3] },
      { input_ids: [4, 5], labels: [4, 5] },
    ]);
    await expect(makeDataset(lines({ text: "x" }), async () => undefined, options)).rejects.toThrow("no tokenizer");
  });

  it("texts are learnt whole, in pieces of the length; special tokens in them are text", async () => {
    const long = "A text <|im_end|> of many words. ".repeat(40);
    for (const file of [lines({ text: long }), { name: "book.txt", text: long }]) {
      const { examples } = await makeDataset(file, text, { ...options, length: 100 });
      expect(examples.length).toBeGreaterThan(3);
      for (const { input_ids, labels } of examples) expect(labels).toEqual(input_ids);
      const ids = examples.flatMap(({ input_ids }) => input_ids);
      expect(tokenizer.decode(ids)).toBe(`${long}<|endoftext|>`);
      expect(ids).not.toContain(tokenizer.idOf("<|im_end|>"));
    }
  });

  it("a JSON list, with a byte order mark, is read as well as lines", async () => {
    const file = { name: "data.json", text: `\uFEFF ${JSON.stringify([{ instruction: "Hi", output: "Hello" }])}` };
    expect((await makeDataset(file, text, options)).examples.length).toBe(1);
    await expect(makeDataset({ name: "data.json", text: "[1, " }, text, options)).rejects.toThrow(
      "not a valid JSON list",
    );
    await expect(makeDataset({ name: "data.json", text: "[3]" }, text, options)).rejects.toThrow(
      "data.json, entry 1: expected a JSON object",
    );
  });
});

const good = { input_ids: [1, 2], labels: [1, 2] };

test.each<[string, unknown, string]>([
  ["broken JSON", '{"text": ', "not valid JSON"],
  ["no object", "[1]", "expected a JSON object, found a list"],
  ["unknown fields", { question: "x", answer: "y" }, "found question, answer"],
  ["no assistant", { messages: [{ role: "user", content: "x" }] }, "no message is the assistant's"],
  ["a message without a role", { messages: [{ content: "x" }] }, "messages[0] has no role"],
  ["a message without content", { messages: [{ role: "user" }] }, "messages[0] has no content"],
  ["tools that are none", { messages: [{ role: "assistant", content: "x" }], tools: [1] }, "tools[0] is 1"],
  ["an unknown speaker", { conversations: [{ from: "alien", value: "x" }] }, '"from" is "alien"'],
  ["an empty output", { instruction: "x", output: "" }, "output is empty"],
  ["ids that are none", { input_ids: [1, "2"] }, 'input_ids[1] is "2"'],
  ["labels of another length", { input_ids: [1, 2], labels: [1] }, "2 input_ids and 1 labels"],
  ["an id beyond the vocabulary", { input_ids: [1, 200000] }, "token id 200000 is outside the vocabulary of 151936"],
  ["a label beyond the vocabulary", { input_ids: [1, 2], labels: [1, 200000] }, "label 200000"],
  ["a negative label", { input_ids: [1, 2], labels: [1, -1] }, "label -1"],
  ["nothing supervised", { input_ids: [1, 2], labels: [1, -100] }, "nothing to learn from it"],
  ["more tokens than an example may have", { input_ids: new Array(513).fill(1) }, "513 tokens, more than the 512"],
])("%s: told with its line, or left out", async (_, value, reason) => {
  const file = lines(good, value, good);
  const stopped = makeDataset(file, text, options);
  await expect(stopped).rejects.toMatchObject({ code: "format" });
  await expect(stopped).rejects.toThrow(/^data\.jsonl:2: /);
  await expect(stopped).rejects.toThrow(reason);
  const { examples, broken } = await makeDataset(file, text, { ...options, broken: "skip" });
  expect(examples).toEqual([good, good]);
  expect(broken).toEqual([{ where: "data.jsonl:2", reason: expect.stringContaining(reason) }]);
});

test("all tokens are learnt if asked, tokenised as a whole", async () => {
  const messages = [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello" },
  ];
  const [example] = (await makeDataset(lines({ messages }), text, { ...options, allTokens: true })).examples;
  expect(example.labels).toEqual(example.input_ids);
  expect(tokenizer.decode([...example.input_ids])).toMatch(
    /^<\|im_start\|>system\n.*\n<\|im_start\|>user\nHi<\|im_end\|>\n<\|im_start\|>assistant\nHello<\|im_end\|>\n$/,
  );
});

test("examples that are too long lose their end if asked", async () => {
  const ids = Array.from({ length: 600 }, (_, i) => i);
  const { examples } = await makeDataset(lines({ input_ids: ids }), text, { ...options, long: "cut" });
  expect(examples).toEqual([{ input_ids: ids.slice(0, 512), labels: ids.slice(0, 512) }]);
});

test("a file of which nothing is left says so", async () => {
  const file = lines("{", "{");
  await expect(makeDataset(file, text, { ...options, broken: "skip" })).rejects.toThrow(
    "all 2 were left out, the first: not valid JSON",
  );
  await expect(makeDataset(lines(""), text, options)).rejects.toThrow("there are no examples");
});

test("splits follow from the seed alone and lose nothing", () => {
  const all = Array.from({ length: 50 }, (_, i) => i);
  const { training, validation } = splitExamples(all, 0.1, 7);
  expect(validation.length).toBe(5);
  expect([...training, ...validation].sort((a, b) => a - b)).toEqual(all);
  expect(splitExamples(all, 0.1, 7)).toEqual({ training, validation });
  expect(splitExamples(all, 0.1, 8).validation).not.toEqual(validation);
  expect(splitExamples(all, 0, 7)).toEqual({ training: all, validation: [] });
  expect(() => splitExamples([1], 0.5, 7)).toThrow("too few");
  expect(() => splitExamples(all, 1, 7)).toThrow("validation split is 1");
  expect(validation).not.toEqual(all.slice(0, 5));
});

test("what is learnt is shown with its count", async () => {
  const [all] = await shown({
    input_ids: Array.from(tokenizer.encode("Hello, world!", "all")),
    labels: [-100, 11, -100, 0],
  });
  expect(all).toBe("Hello[,] world[!]\n2 of 4 tokens are supervised\n");
});
