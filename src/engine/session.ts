// A conversation that keeps its state. What the next prompt shares with what is held (its longest common prefix) is not computed
// again, and the tokens are those that a fresh run would give.

import { AnyqwenError } from "../core/errors.ts";
import { optionsOf } from "./arguments.ts";
import type { EngineClient } from "./client.ts";
import { isEnd } from "./messages.ts";
import type { ChatMessage, ChatOptions, EndPart, GenerateOptions, Part } from "./types.ts";

/** Where a message ended, in tokens: rewinding drops the messages behind. */
interface Turn {
  readonly messages: readonly ChatMessage[];
  readonly length: number;
}

function isTurn(value: unknown): value is Turn {
  const turn = value as Partial<Turn> | null;
  return typeof turn === "object" && Array.isArray(turn?.messages) && typeof turn.length === "number";
}

export class Session implements AsyncDisposable {
  readonly #client: EngineClient;
  readonly #id: number;
  #length: number;
  #messages: readonly ChatMessage[] = [];
  #turns: Turn[] = [];
  #closed = false;

  constructor(client: EngineClient, opened: { session: number; length: number }) {
    this.#client = client;
    this.#id = opened.session;
    this.#length = opened.length;
  }

  /** Tokens of the conversation that are held. */
  get length(): number {
    return this.#length;
  }

  /** The conversation so far, with the model's answers. */
  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** The next turn: a user's message is added to the conversation; a list of messages takes its place. */
  async *chat(next: string | readonly ChatMessage[], options: ChatOptions = {}): AsyncGenerator<Part, void> {
    this.#checkOpen();
    const { signal, plain } = optionsOf("chat", options);
    const messages = typeof next === "string" ? [...this.#messages, { role: "user", content: next }] : next;
    const answer = new AnswerCollector();
    for await (const part of this.#client.stream("chat", { messages, options: plain, session: this.#id }, signal)) {
      answer.add(part);
      if (isEnd(part)) this.#advance(part, [...messages, answer.message()]);
      yield part;
    }
  }

  /** Continues a text or ids; the whole text so far is to be given, what is held of it is reused. */
  async *generate(prompt: string | readonly number[], options: GenerateOptions = {}): AsyncGenerator<Part, void> {
    this.#checkOpen();
    const { signal, plain } = optionsOf("generate", options);
    for await (const part of this.#client.stream("generate", { prompt, options: plain, session: this.#id }, signal)) {
      if (isEnd(part)) this.#advance(part, this.#messages);
      yield part;
    }
  }

  /** A second conversation that goes on from here; the state is shared until they differ. */
  async fork(): Promise<Session> {
    this.#checkOpen();
    const fork = new Session(this.#client, await this.#client.call("openSession", { from: this.#id }));
    fork.#messages = this.#messages;
    fork.#turns = [...this.#turns];
    return fork;
  }

  /** Forgets the tokens from `length` on, and the messages that they belong to. */
  async rewind(length: number): Promise<void> {
    this.#checkOpen();
    this.#length = (await this.#client.call("rewindSession", { session: this.#id, length })).length;
    this.#turns = this.#turns.filter((turn) => turn.length <= length);
    this.#messages = this.#turns.at(-1)?.messages ?? [];
  }

  /** The conversation and its state as bytes; only the same model, KV type and numerics can go on from them. */
  async save(): Promise<Uint8Array> {
    this.#checkOpen();
    return this.#client.call("saveSession", { session: this.#id, extra: { turns: this.#turns } });
  }

  /** Goes on from what `save` gave, in the place of what this session held. */
  async restore(bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    const { length, extra } = await this.#client.call("restoreSession", { session: this.#id, bytes });
    const turns = (extra as { turns?: unknown } | undefined)?.turns;
    if (!Array.isArray(turns) || !turns.every(isTurn)) {
      throw new AnyqwenError("format", "saved session: its messages are not readable");
    }
    this.#length = length;
    this.#turns = turns;
    this.#messages = this.#turns.at(-1)?.messages ?? [];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.call("closeSession", { session: this.#id });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #advance(end: EndPart, messages: readonly ChatMessage[]): void {
    this.#length = end.usage.contextTokens;
    this.#messages = messages;
    this.#turns.push({ messages, length: this.#length });
  }

  #checkOpen(): void {
    if (this.#closed) throw new AnyqwenError("invalid-argument", "the session was closed");
  }
}

/** An answer's parts as the message that the next prompt needs. */
class AnswerCollector {
  #text = "";
  #reasoning = "";
  readonly #calls: { id: string; type: "function"; function: { name: string; arguments: string } }[] = [];

  add(part: Part): void {
    if (part.type === "text") this.#text += part.text;
    else if (part.type === "reasoning") this.#reasoning += part.text;
    else if (part.type === "tool-call") {
      this.#calls.push({ id: part.id, type: "function", function: { name: part.name, arguments: part.arguments } });
    }
  }

  message(): ChatMessage {
    return {
      role: "assistant",
      content: this.#text,
      ...(this.#reasoning && { reasoning_content: this.#reasoning }),
      ...(this.#calls.length > 0 && { tool_calls: this.#calls }),
    };
  }
}
