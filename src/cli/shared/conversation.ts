// The state of `anyqwen chat`: messages and settings, and the /commands that change them. Knows no terminal and no model.

import type { ChatMessage, ChatOptions } from "../../api.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { isObject } from "../../core/objects.ts";
import { writeAtomically } from "./files.ts";
import { readTextInput } from "./input.ts";

export interface Conversation {
  messages: ChatMessage[];
  /** true, false, or the model's own default. */
  thinking?: boolean;
  options: Partial<Record<Setting, number>>;
}

const settings = ["temperature", "topK", "topP", "minP", "repetitionPenalty", "seed", "maxTokens"] as const;
type Setting = (typeof settings)[number] & keyof ChatOptions;

/** What a /command asks the loop to do, besides a line to print. */
export interface Outcome {
  readonly say?: string;
  readonly exit?: true;
  /** Answer the last message (again). */
  readonly answer?: true;
}

interface SlashCommand {
  readonly usage: string;
  readonly help: string;
  run(conversation: Conversation, rest: string): Outcome | Promise<Outcome>;
}

const commands: Readonly<Record<string, SlashCommand>> = {
  help: { usage: "/help", help: "show this", run: () => ({ say: help() }) },
  clear: {
    usage: "/clear",
    help: "forget the conversation; the system message stays",
    run(conversation) {
      conversation.messages = conversation.messages.filter(({ role }) => role === "system");
      return { say: "forgotten" };
    },
  },
  system: {
    usage: "/system [text]",
    help: "set the system message, or show it",
    run(conversation, text) {
      const system = conversation.messages.find(({ role }) => role === "system");
      if (text === "") return { say: system ? String(system.content) : "no system message" };
      setSystem(conversation, text);
      return { say: "system message set" };
    },
  },
  think: {
    usage: "/think on|off|auto",
    help: "let the model think before it answers; auto: its own default",
    run(conversation, text) {
      const values: Readonly<Record<string, boolean | undefined>> = { on: true, off: false, auto: undefined };
      if (!Object.hasOwn(values, text)) throw wrong("/think on, /think off or /think auto");
      conversation.thinking = values[text];
      return { say: `thinking: ${text}` };
    },
  },
  set: {
    usage: "/set [name value]",
    help: `change ${settings.join(", ")}; without a value: the default`,
    run(conversation, text) {
      const [name, value] = text.split(/\s+/);
      if (!name) return { say: JSON.stringify(conversation.options) };
      if (!isSetting(name)) throw wrong(`/set with one of ${settings.join(", ")}`);
      const number = value === undefined ? undefined : Number(value);
      if (Number.isNaN(number)) throw wrong(`/set ${name} with a number`);
      conversation.options = { ...conversation.options, [name]: number };
      return { say: `${name}: ${number ?? "default"}` };
    },
  },
  retry: {
    usage: "/retry",
    help: "answer the last message again",
    run(conversation) {
      const last = conversation.messages.findLastIndex(({ role }) => role === "user");
      if (last < 0) return { say: "nothing to answer yet" };
      conversation.messages = conversation.messages.slice(0, last + 1);
      return { answer: true };
    },
  },
  save: {
    usage: "/save FILE",
    help: "write the conversation as JSON",
    async run(conversation, path) {
      if (path === "") throw wrong("/save FILE");
      const json = `${JSON.stringify({ messages: conversation.messages }, null, 2)}\n`;
      await writeAtomically(path, [new TextEncoder().encode(json)]);
      return { say: `${conversation.messages.length} messages in ${path}` };
    },
  },
  load: {
    usage: "/load FILE",
    help: "go on with a saved conversation",
    async run(conversation, path) {
      if (path === "") throw wrong("/load FILE");
      return { say: await loadConversation(conversation, path) };
    },
  },
  exit: { usage: "/exit", help: "end; also Ctrl-D", run: () => ({ exit: true }) },
  quit: { usage: "/quit", help: "end", run: () => ({ exit: true }) },
};

export function setSystem(conversation: Conversation, text: string): void {
  const others = conversation.messages.filter(({ role }) => role !== "system");
  conversation.messages = [{ role: "system", content: text }, ...others];
}

/** Goes on with a saved conversation; says what it was. */
export async function loadConversation(conversation: Conversation, path: string): Promise<string> {
  const { messages, tools } = parseConversation(await readTextInput(path), path);
  conversation.messages = messages.slice();
  const without = tools ? "; its tools are left out, since nobody here would answer a call" : "";
  return `${messages.length} messages from ${path}${without}`;
}

export const commandNames: readonly string[] = Object.keys(commands).map((name) => `/${name}`);

function help(): string {
  const shown = Object.values(commands).filter(({ usage }) => usage !== "/quit");
  const width = Math.max(...shown.map(({ usage }) => usage.length));
  return [
    ...shown.map(({ usage, help }) => `${usage.padEnd(width)}  ${help}`),
    'Several lines: paste them, end a line with \\, or begin and end with """.',
    "Ctrl-C stops an answer; twice at an empty prompt ends.",
  ].join("\n");
}

function wrong(how: string): AnyqwenError {
  return new AnyqwenError("invalid-argument", `write ${how}`);
}

function isSetting(name: string): name is Setting {
  return (settings as readonly string[]).includes(name);
}

/** Whether the text is a /command and not a message (a path, say). */
export function isCommand(text: string): boolean {
  return /^\/[a-z]+(\s|$)/.test(text) && !text.includes("\n");
}

export async function runCommand(conversation: Conversation, text: string): Promise<Outcome> {
  const [, name, rest] = /^\/(\S+)\s*(.*)$/.exec(text.trim()) ?? [];
  if (!Object.hasOwn(commands, name))
    throw new AnyqwenError("invalid-argument", `no command /${name}; /help lists them`);
  return commands[name].run(conversation, rest.trim());
}

export interface ConversationFile {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly unknown[];
}

/** {"messages": […], "tools"?: […]}, or a bare list of messages. */
export function parseConversation(text: string, where: string): ConversationFile & Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AnyqwenError("format", `${where}: not valid JSON (${(cause as Error).message})`, { cause });
  }
  const object: Record<string, unknown> = Array.isArray(value) ? { messages: value } : isObject(value) ? value : {};
  const { messages, tools } = object;
  if (!Array.isArray(messages) || !messages.every((item) => isObject(item) && typeof item.role === "string")) {
    throw new AnyqwenError("format", `${where}: expected {"messages": [{"role", "content"}, …]}`);
  }
  if (tools !== undefined && tools !== null && !Array.isArray(tools)) {
    throw new AnyqwenError("format", `${where}: "tools" should be a list`);
  }
  return { ...object, messages: messages as ChatMessage[], tools: Array.isArray(tools) ? tools : undefined };
}
