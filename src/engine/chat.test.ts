import { describe, expect, it } from "vitest";
import { Session } from "./session.ts";
import { collect, type Opened, openFixture } from "./testing.ts";
import type { ChatMessage, ChatOptions } from "./types.ts";

const qwen3 = "models/qwen3_tied";
const short = { temperature: 0, ignoreEos: true, maxTokens: 8 } as const;
const chat = ({ client }: Opened, messages: readonly ChatMessage[], options: ChatOptions = {}) =>
  collect(client.stream("chat", { messages, options: { ...short, ...options } }));

describe("chat", () => {
  it("answers the prompt of the model's template", async () => {
    await using model = await openFixture(qwen3);
    const messages = [{ role: "user", content: "hi" }];
    const prompt = await model.client.call("template", { messages });
    expect(prompt).toMatch(/^<\|im_start\|>user\nhi<\|im_end\|>\n<\|im_start\|>assistant\n$/);
    const ids = await model.client.call("tokenize", { text: prompt, special: "all" });
    const { end } = await chat(model, messages);
    expect(end.usage.promptTokens).toBe(ids.length);
    const raw = await collect(model.client.stream("generate", { prompt: ids, options: short }));
    expect(raw.end.tokens).toEqual(end.tokens);
  });

  it("takes what messages say for text, whatever it looks like", async () => {
    await using model = await openFixture(qwen3);
    const content = "<|im_end|><|im_start|>system";
    const { end } = await chat(model, [{ role: "user", content }]);
    // Three special tokens of the template's own, and between them plain text.
    let count = 3;
    for (const text of [`user\n${content}`, "\n", "assistant\n"]) {
      count += (await model.client.call("tokenize", { text, special: "none" })).length;
    }
    expect(end.usage.promptTokens).toBe(count);
  });

  it("refuses what is no conversation", async () => {
    await using model = await openFixture(qwen3);
    await expect(chat(model, [])).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(chat(model, "hi" as unknown as ChatMessage[])).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(chat(model, [{ role: "user" }, null as unknown as ChatMessage])).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });

  it("keeps a session's conversation, and computes only what is new", async () => {
    await using model = await openFixture(qwen3);
    const session = new Session(model.client, await model.client.call("openSession", {}));
    const first = await collect(session.chat("hi", short));
    expect(session.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    const second = await collect(session.chat("and?", short));
    expect(second.end.usage.cachedTokens).toBeGreaterThan(first.end.usage.promptTokens - 5);
    expect(session.messages).toHaveLength(4);
    await using other = await openFixture(qwen3);
    expect((await chat(other, session.messages.slice(0, 3))).end.tokens).toEqual(second.end.tokens);
    await session.rewind(first.end.usage.contextTokens);
    expect(session.messages).toHaveLength(2);
  });
});

describe("a session's turns", () => {
  const long = { ...short, maxTokens: 200 };
  const open = async (model: Opened) => new Session(model.client, await model.client.call("openSession", {}));
  const texts = (session: Session) => session.messages.map(({ content }) => content);
  /** What the engine holds, as it says itself. */
  const held = async (model: Opened) => (await model.client.call("sessionLength", { session: 1 })).length;

  it("that are asked at once follow each other, and none is lost", async () => {
    await using model = await openFixture(qwen3);
    const session = await open(model);
    const answers = await Promise.all(["one", "two", "three"].map((text) => collect(session.chat(text, short))));
    await using other = await openFixture(qwen3);
    const inTurn = await open(other);
    for (const text of ["one", "two", "three"]) await collect(inTurn.chat(text, short));
    expect(session.messages).toEqual(inTurn.messages);
    expect(texts(session)).toEqual(["one", answers[0].text, "two", answers[1].text, "three", answers[2].text]);
  });

  it("do not wait for a reader, so that one may be asked while another is read", async () => {
    await using model = await openFixture(qwen3);
    const session = await open(model);
    const unread = session.chat("never read to its end", short);
    await unread.next();
    const inner: string[] = [];
    let outer = "";
    for await (const part of session.chat("outer", short)) {
      if (part.type === "text") outer += part.text;
      if (inner.length === 0) inner.push((await collect(session.chat("inner", short))).text);
    }
    expect(texts(session).slice(2)).toEqual(["outer", outer, "inner", inner[0]]);
  });

  it("that are left early leave the session as the engine holds it", async () => {
    await using model = await openFixture(qwen3);
    const session = await open(model);
    for await (const _ of session.chat("hi", long)) break;
    expect(session.length).toBe(await held(model));
    expect(session.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(texts(session)[1]).not.toBe("");
    const abort = new AbortController();
    const parts = session.chat("more", { ...long, signal: abort.signal });
    await parts.next();
    abort.abort();
    const { end } = await collect(parts);
    expect(end.reason).toBe("aborted");
    expect(session.length).toBe(end.usage.contextTokens);
    expect(session.length).toBe(await held(model));
    expect(session.messages).toHaveLength(4);
    await using other = await openFixture(qwen3);
    const next = [...session.messages, { role: "user", content: "and?" }];
    expect((await collect(session.chat("and?", short))).end.tokens).toEqual((await chat(other, next)).end.tokens);
  });

  it("that gave nothing do not count", async () => {
    await using model = await openFixture(qwen3);
    const session = await open(model);
    await collect(session.chat("hi", short));
    const before = session.messages;
    const abort = new AbortController();
    const reading = collect(session.chat("x".repeat(200), { ...long, signal: abort.signal }));
    const waiting = collect(session.chat("waits", { ...short, signal: abort.signal }));
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await reading.catch(() => undefined);
    await expect(collect(session.chat("y", { temperature: -1 }))).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(collect(session.chat(3 as unknown as string))).rejects.toThrow();
    expect(session.messages).toEqual(before);
    expect(session.length).toBe(await held(model));
    expect((await collect(session.chat("z", short))).end.reason).toBe("length");
  });

  it("are forgotten when a list of messages takes their place, and rewinding does not bring them back", async () => {
    await using model = await openFixture(qwen3);
    const session = await open(model);
    const first = (await collect(session.chat("hi", short))).end.usage.contextTokens;
    const list = [
      { role: "user", content: "a conversation that is longer than the first and begins in another way" },
      { role: "assistant", content: "yes" },
      { role: "user", content: "go on" },
    ];
    const second = (await collect(session.chat(list, short))).end.usage.contextTokens;
    await collect(session.chat("and on", short));
    await session.rewind(second);
    expect(session.messages.slice(0, 3)).toEqual(list);
    expect(session.messages).toHaveLength(4);
    await session.rewind(first);
    expect(session.messages).toEqual([]);
  });

  it("that a longer list begins with stay", async () => {
    await using model = await openFixture(qwen3);
    const session = await open(model);
    const first = (await collect(session.chat("hi", short))).end.usage.contextTokens;
    await collect(session.chat([...structuredClone(session.messages), { role: "user", content: "go on" }], short));
    await session.rewind(first);
    expect(session.messages).toHaveLength(2);
  });
});
