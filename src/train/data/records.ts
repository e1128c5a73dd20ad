// The shapes that data files come in, told apart by their fields: chat messages (OpenAI), conversations (ShareGPT), instruction and
// output (Alpaca), prompt and completion, preference pairs, text, and ids with labels.

import { isObject } from "../../core/objects.ts";
import type { ChatMessage } from "../../engine/types.ts";
import { preference } from "./preference.ts";
import {
  checkMessage,
  type Fields,
  filled,
  idsWithLabels,
  kindOf,
  listOf,
  RecordError,
  toolsOf,
} from "./record-fields.ts";
import { type DataRecord, type LabelledIds, notSupervised } from "./types.ts";

const shapes: readonly (readonly [field: string, parse: (fields: Fields) => DataRecord])[] = [
  ["input_ids", (fields) => ({ kind: "tokens", example: idsWithLabels(fields) })],
  ["chosen", preference],
  ["messages", chat],
  ["conversations", shareGpt],
  ["instruction", alpaca],
  ["prompt", completion],
  ["text", ({ text }) => ({ kind: "text", text: filled("text", text) })],
];

export function parseRecord(value: unknown): DataRecord {
  if (!isObject(value)) throw new RecordError(`expected a JSON object, found ${kindOf(value)}`);
  const shape = shapes.find(([field]) => value[field] !== undefined && value[field] !== null);
  if (shape) return shape[1](value);
  const known = shapes.map(([field]) => field).join(", ");
  throw new RecordError(
    `it has none of the fields ${known}; found ${Object.keys(value).slice(0, 8).join(", ") || "none"}`,
  );
}

function chat({ messages, tools }: Fields): DataRecord {
  const list = listOf("messages", messages).map((message, i) => checkMessage(message, `messages[${i}]`));
  const given = toolsOf(tools);
  return { kind: "chat", messages: withAnswer(list), ...(given && { tools: given }) };
}

const roles: Readonly<Record<string, string>> = {
  system: "system",
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
  tool: "tool",
  observation: "tool",
};

/** { conversations: [{ from, value }] }; a turn of "function_call" is a call, its value JSON. */
function shareGpt({ conversations, system, tools }: Fields): DataRecord {
  const messages: ChatMessage[] = [];
  if (typeof system === "string" && system !== "") messages.push({ role: "system", content: system });
  for (const [i, turn] of listOf("conversations", conversations).entries()) {
    const where = `conversations[${i}]`;
    if (!isObject(turn)) throw new RecordError(`${where} is ${kindOf(turn)}; expected { from, value }`);
    const from = String(turn.from ?? turn.role);
    const value = filled(`${where}.value`, turn.value ?? turn.content, true);
    if (from === "function_call") {
      messages.push({ role: "assistant", content: "", tool_calls: callsOf(value, where) });
      continue;
    }
    if (!Object.hasOwn(roles, from))
      throw new RecordError(
        `${where}: "from" is ${JSON.stringify(from)}; known are ${Object.keys(roles).join(", ")}, function_call`,
      );
    messages.push({ role: roles[from], content: value });
  }
  const given = toolsOf(typeof tools === "string" && tools !== "" ? parseJson(tools, "tools") : tools);
  return { kind: "chat", messages: withAnswer(messages), ...(given && { tools: given }) };
}

function callsOf(text: string, where: string): unknown[] {
  const parsed = parseJson(text, where);
  return (Array.isArray(parsed) ? parsed : [parsed]).map((call) => {
    if (!isObject(call) || typeof call.name !== "string")
      throw new RecordError(`${where}: a call is { "name", "arguments" }`);
    return { type: "function", function: { name: call.name, arguments: call.arguments ?? {} } };
  });
}

/** Taori et al. 2023: an instruction, what it is about, the answer; some sets add a system text and earlier turns. */
function alpaca({ instruction, input, output, system, history }: Fields): DataRecord {
  const messages: ChatMessage[] = [];
  if (typeof system === "string" && system !== "") messages.push({ role: "system", content: system });
  for (const [i, turn] of (history == null ? [] : listOf("history", history)).entries()) {
    if (!Array.isArray(turn) || turn.length !== 2)
      throw new RecordError(`history[${i}]: expected a question and its answer`);
    messages.push({ role: "user", content: filled(`history[${i}][0]`, turn[0]) });
    messages.push({ role: "assistant", content: filled(`history[${i}][1]`, turn[1]) });
  }
  const about = typeof input === "string" && input !== "" ? `\n${input}` : "";
  messages.push({ role: "user", content: filled("instruction", instruction) + about });
  messages.push({ role: "assistant", content: filled("output", output) });
  return { kind: "chat", messages };
}

/** Two texts, or two lists of messages. */
function completion({ prompt, completion: answer, response = answer, tools }: Fields): DataRecord {
  if (Array.isArray(prompt)) return chat({ messages: [...prompt, ...listOf("completion", response)], tools });
  const said = [
    { role: "user", content: filled("prompt", prompt) },
    { role: "assistant", content: filled("completion", response) },
  ];
  return { kind: "chat", messages: said };
}

function withAnswer(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  if (messages.some(({ role }) => role === "assistant")) return messages;
  throw new RecordError("no message is the assistant's: there is nothing to learn from it");
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RecordError(`${where}: not valid JSON (${(cause as Error).message})`);
  }
}

/** Whether some position is predicted and supervised: the first one is predicted from nothing. */
export function teaches({ labels }: LabelledIds): boolean {
  return labels.some((label, i) => i > 0 && label !== notSupervised);
}
