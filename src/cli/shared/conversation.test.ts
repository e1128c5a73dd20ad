import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Conversation, isCommand, parseConversation, runCommand } from "./conversation.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-chat-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function started(): Conversation {
  return {
    messages: [
      { role: "user", content: "hi" },
      { role: "assistant", content: "hello" },
    ],
    options: {},
  };
}

describe("/commands", () => {
  it("are told from messages", () => {
    expect(isCommand("/help")).toBe(true);
    expect(isCommand("/system be brief")).toBe(true);
    expect(isCommand("/usr/bin is a path")).toBe(false);
    expect(isCommand("/help\nme")).toBe(false);
  });

  it("/system stays first and survives /clear", async () => {
    const conversation = started();
    await runCommand(conversation, "/system be brief");
    await runCommand(conversation, "/system be  long");
    expect(conversation.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
    await runCommand(conversation, "/clear");
    expect(conversation.messages).toEqual([{ role: "system", content: "be  long" }]);
  });

  it("/retry drops the last answer and asks for another", async () => {
    const conversation = started();
    expect(await runCommand(conversation, "/retry")).toEqual({ answer: true });
    expect(conversation.messages).toEqual([{ role: "user", content: "hi" }]);
    expect((await runCommand({ messages: [], options: {} }, "/retry")).answer).toBeUndefined();
  });

  it("/set and /think change settings, and refuse what they do not know", async () => {
    const conversation = started();
    await runCommand(conversation, "/set temperature 0.25");
    await runCommand(conversation, "/think off");
    expect(conversation).toMatchObject({ options: { temperature: 0.25 }, thinking: false });
    await runCommand(conversation, "/set temperature");
    await runCommand(conversation, "/think auto");
    expect(conversation.options.temperature).toBeUndefined();
    expect(conversation.thinking).toBeUndefined();
    await expect(runCommand(conversation, "/set warmth 1")).rejects.toThrow(/one of temperature/);
    await expect(runCommand(conversation, "/set seed x")).rejects.toThrow(/number/);
    await expect(runCommand(conversation, "/think maybe")).rejects.toThrow(/on, /);
    await expect(runCommand(conversation, "/constructor")).rejects.toThrow(/no command \/constructor/);
  });

  it("/save and /load give the conversation back, and leave no other file", async () => {
    const conversation = started();
    const file = join(folder, "talk.json");
    await runCommand(conversation, `/save ${file}`);
    const other: Conversation = { messages: [], options: {} };
    await runCommand(other, `/load ${file}`);
    expect(other.messages).toEqual(conversation.messages);
    expect(await readdir(folder)).toEqual(["talk.json"]);
    await expect(runCommand(other, `/load ${join(folder, "none.json")}`)).rejects.toThrow(/none\.json/);
  });
});

describe("parseConversation", () => {
  it("takes an object or a bare list", () => {
    const messages = [{ role: "user", content: "x" }];
    expect(parseConversation(JSON.stringify(messages), "f").messages).toEqual(messages);
    expect(parseConversation(JSON.stringify({ messages, tools: null }), "f").tools).toBeUndefined();
  });

  it.each([
    ["{", "not valid JSON"],
    ["3", "expected"],
    ['{"messages":[{}]}', "expected"],
    ['{"messages":[],"tools":1}', '"tools"'],
  ])("refuses %s", (text, message) => {
    expect(() => parseConversation(text, "talk.json")).toThrow(message);
  });
});
