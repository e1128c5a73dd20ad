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
