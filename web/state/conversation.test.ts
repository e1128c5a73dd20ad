// The steps that change conversations.

import { describe, expect, it } from "vitest";
import {
  awaitsAnswer,
  type Conversation,
  newAnswer,
  newConversation,
  openCalls,
  upTo,
  withMessage,
  withoutLastAnswer,
  withReplaced,
  withUserMessage,
} from "./conversation.ts";

const said = ({ messages }: Conversation) => messages.map(({ role, content }) => `${role}: ${content}`);
const answered = (conversation: Conversation, content: string) =>
  withMessage(conversation, { ...newAnswer(), content, ending: "complete" });

describe("a conversation", () => {
  const one = answered(withUserMessage(newConversation("Hello"), "Hello"), "Hi");
  const two = answered(withUserMessage(one, "More"), "Sure");

  it("is called by its first words, cut where they are many", () => {
    expect(newConversation("  What\n is  this? ").title).toBe("What is this?");
    const { title } = newConversation("word ".repeat(40));
    expect(title.length).toBeLessThanOrEqual(60);
    expect(title).toMatch(/word…$/);
  });

  it("ends before a message that is said otherwise", () => {
    expect(said(withUserMessage(upTo(two, two.messages[2].id), "Less"))).toEqual([
      ...["user: Hello", "assistant: Hi", "user: Less"],
    ]);
    expect(upTo(two, "unknown")).toBe(two);
  });

  it("loses the last answer only, and then waits for one", () => {
    const asked = withoutLastAnswer(two);
    expect(said(asked)).toEqual(["user: Hello", "assistant: Hi", "user: More"]);
    expect([awaitsAnswer(asked), awaitsAnswer(two)]).toEqual([true, false]);
    expect(said(withoutLastAnswer(asked))).toEqual(said(asked));
  });

  it("changes the message that is replaced and no other", () => {
    const next = withReplaced(two, { ...two.messages[1], content: "Hey" });
    expect(said(next)).toEqual(["user: Hello", "assistant: Hey", "user: More", "assistant: Sure"]);
    expect(said(two)[1]).toBe("assistant: Hi");
  });

  it("waits for the results of all calls before the model goes on", () => {
    const calls = ["a", "b"].map((id) => ({ id, name: "look", arguments: "{}" }));
    const calling = withMessage(withUserMessage(one, "Look"), { ...newAnswer(), toolCalls: calls });
    const half = withMessage(calling, { id: "1", role: "tool", callId: "a", content: "x" });
    const whole = withMessage(half, { id: "2", role: "tool", callId: "b", content: "y" });
    expect([calling, half, whole].map((state) => openCalls(state).map(({ id }) => id))).toEqual([
      ["a", "b"],
      ["b"],
      [],
    ]);
    expect([half, whole].map(awaitsAnswer)).toEqual([false, true]);
    expect(withoutLastAnswer(answered(whole, "Seen")).messages).toEqual(whole.messages);
  });
});
