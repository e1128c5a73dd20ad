// Conversations as the page keeps them, and the steps that change them. All steps give a new conversation and leave the old one alone.

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

/** What an answer cost. */
export interface Figures {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  readonly tokensPerSecond?: number;
}

/** running: being written, or left unfinished by a page that was closed. */
export type Ending = "running" | "complete" | "length" | "stopped" | "broken";

export interface UserMessage {
  readonly id: string;
  readonly role: "user";
  readonly content: string;
}

export interface AssistantMessage {
  readonly id: string;
  readonly role: "assistant";
  readonly content: string;
  readonly reasoning: string;
  /** Milliseconds from the question to the first token, and from there to the last thought. */
  readonly firstTokenMs?: number;
  readonly reasoningMs?: number;
  readonly toolCalls: readonly ToolCall[];
  readonly ending: Ending;
  readonly figures?: Figures;
}

interface ToolMessage {
  readonly id: string;
  readonly role: "tool";
  readonly callId: string;
  readonly content: string;
}

export type Message = UserMessage | AssistantMessage | ToolMessage;

export interface Conversation {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970 of its last message. */
  readonly updated: number;
  readonly messages: readonly Message[];
}

const LONGEST_TITLE = 60;

/** Also where the page was opened over plain HTTP, where browsers have no crypto.randomUUID. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function newConversation(firstWords: string): Conversation {
  return { id: newId(), title: titleOf(firstWords), updated: Date.now(), messages: [] };
}

function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE - 1).trimEnd()}…` : line;
}

export function newAnswer(): AssistantMessage {
  return { id: newId(), role: "assistant", content: "", reasoning: "", toolCalls: [], ending: "running" };
}

export function withMessage(conversation: Conversation, message: Message): Conversation {
  return { ...conversation, updated: Date.now(), messages: [...conversation.messages, message] };
}

export function withUserMessage(conversation: Conversation, content: string): Conversation {
  return withMessage(conversation, { id: newId(), role: "user", content });
}

/** Takes the place of the message with the same id; the last one is where it is looked for first. */
export function withReplaced(conversation: Conversation, message: Message): Conversation {
  const at = conversation.messages.findLastIndex(({ id }) => id === message.id);
  return at < 0 ? conversation : { ...conversation, messages: conversation.messages.with(at, message) };
}

/** Without the message and all after it. */
export function upTo(conversation: Conversation, messageId: string): Conversation {
  const at = conversation.messages.findIndex(({ id }) => id === messageId);
  return at < 0 ? conversation : { ...conversation, messages: conversation.messages.slice(0, at) };
}

/** Without the last answer, so that what was asked can be answered anew. */
export function withoutLastAnswer(conversation: Conversation): Conversation {
  const asked = conversation.messages.findLastIndex(({ role }) => role !== "assistant");
  return { ...conversation, messages: conversation.messages.slice(0, asked + 1) };
}

/** Calls of the last answer whose results the model still waits for. */
export function openCalls({ messages }: Conversation): readonly ToolCall[] {
  const at = messages.findLastIndex(({ role }) => role === "assistant");
  const answer = messages[at];
  if (answer?.role !== "assistant") return [];
  const given = new Set(messages.slice(at + 1).map((message) => (message.role === "tool" ? message.callId : "")));
  return answer.toolCalls.filter(({ id }) => !given.has(id));
}

/** What was said last is the user's, so an answer is due. */
export function awaitsAnswer(conversation: Conversation): boolean {
  const last = conversation.messages.at(-1);
  return last !== undefined && last.role !== "assistant" && openCalls(conversation).length === 0;
}
