// A conversation that keeps its state. What the next prompt shares with what is held (its longest common prefix) is not computed
// again, and the tokens are those that a fresh run would give. What is asked of a session is done in order: a turn begins when the
// engine is done with the one before, whether or not that one's answer was read.

import { AsyncQueue } from "../core/async-queue.ts";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import { optionsOf } from "./arguments.ts";
import type { EngineClient } from "./client.ts";
import { isEnd, type StreamName, type Streams } from "./messages.ts";
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
  /** Settles when all that was asked so far is done. */
  #last: Promise<void> = Promise.resolve();
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

  /**
   * The next turn: a user's message is added to the conversation; a list of messages takes its place. Leaving the loop, or the
   * signal, ends the answer there; what the model had said by then stays in the conversation, and if that is nothing, the turn
   * does not count.
   */
  async *chat(next: string | readonly ChatMessage[], options: ChatOptions = {}): AsyncGenerator<Part, void> {
    const { signal, plain } = optionsOf("chat", options);
    yield* this.#answer("chat", signal, () => {
      // a caller's list may change while the turn waits; what is no list is refused where all arguments are checked
      const given = Array.isArray(next) ? [...next] : (next as readonly ChatMessage[]);
      const messages = typeof next === "string" ? [...this.#messages, { role: "user", content: next }] : given;
      return { params: { messages, options: plain, session: this.#id }, messages };
    });
  }

  /** Continues a text or ids; the whole text so far is to be given, what is held of it is reused. */
  async *generate(prompt: string | readonly number[], options: GenerateOptions = {}): AsyncGenerator<Part, void> {
    const { signal, plain } = optionsOf("generate", options);
    yield* this.#answer("generate", signal, () => ({ params: { prompt, options: plain, session: this.#id } }));
  }

  /** A second conversation that goes on from here; the state is shared until they differ. */
  fork(): Promise<Session> {
    return this.#inTurn(async () => {
      const fork = new Session(this.#client, await this.#client.call("openSession", { from: this.#id }));
      fork.#messages = this.#messages;
      fork.#turns = [...this.#turns];
      return fork;
    });
  }

  /** Forgets the tokens from `length` on, and the messages of all turns that ended behind. */
  rewind(length: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#length = (await this.#client.call("rewindSession", { session: this.#id, length })).length;
      const reached = this.#turns.filter((turn) => turn.length <= length);
      // A later turn may be the shorter one: templates drop old thoughts, and lists of messages replace longer ones.
      const most = Math.max(...reached.map((turn) => turn.length));
      this.#messages = reached.findLast((turn) => turn.length === most)?.messages ?? [];
      this.#turns = reached.filter((turn) => beginsWith(this.#messages, turn.messages));
    });
  }

  /** The conversation and its state as bytes; only the same model, KV type and numerics can go on from them. */
  save(): Promise<Uint8Array> {
    return this.#inTurn(() => this.#client.call("saveSession", { session: this.#id, extra: { turns: this.#turns } }));
  }

  /** Goes on from what `save` gave, in the place of what this session held. */
  restore(bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const { length, extra } = await this.#client.call("restoreSession", { session: this.#id, bytes });
      const turns = (extra as { turns?: unknown } | undefined)?.turns;
      if (!Array.isArray(turns) || !turns.every(isTurn)) {
        throw new AnyqwenError("format", "saved session: its messages are not readable");
      }
      this.#length = length;
      this.#turns = turns;
      this.#messages = this.#turns.at(-1)?.messages ?? [];
    });
  }

  /** Ends the session when what was asked before is done; its state is given back. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    await this.#client.call("closeSession", { session: this.#id });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#answer<K extends StreamName>(
    name: K,
    signal: AbortSignal | undefined,
    ask: () => { params: Streams[K]; messages?: readonly ChatMessage[] },
  ): AsyncGenerator<Part, void> {
    const leave = await this.#place(signal);
    const stop = new AbortController();
    const parts = new AsyncQueue<Part>();
    const ended = this.#receive(name, ask, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal, parts);
    const left = ended.then(leave);
    try {
      yield* parts.read();
    } finally {
      stop.abort();
      await left;
    }
  }

  /** Takes a turn's parts as they come; the session stands where the engine does once it settles. */
  async #receive<K extends StreamName>(
    name: K,
    ask: () => { params: Streams[K]; messages?: readonly ChatMessage[] },
    signal: AbortSignal,
    parts: AsyncQueue<Part>,
  ): Promise<void> {
    const answer = new AnswerCollector();
    try {
      const { params, messages } = ask();
      for await (const part of this.#client.stream(name, params, signal)) {
        answer.add(part);
        if (isEnd(part)) this.#advance(part, messages, answer);
        parts.push(part);
      }
      parts.end();
    } catch (error) {
      // How far it came only the engine knows; if it cannot tell, the first error is the one to report.
      const now = this.#client.call("sessionLength", { session: this.#id });
      this.#length = await now.then(({ length }) => length).catch(() => this.#length);
      parts.fail(error);
    }
  }

  #advance(end: EndPart, asked: readonly ChatMessage[] | undefined, answer: AnswerCollector): void {
    this.#length = end.usage.contextTokens;
    if (asked) {
      if (end.reason === "aborted" && answer.isEmpty) return;
      this.#messages = [...asked, answer.message()];
      // Turns of a conversation that was replaced are none of this one's.
      this.#turns = this.#turns.filter((turn) => beginsWith(asked, turn.messages));
    }
    this.#turns.push({ messages: this.#messages, length: this.#length });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.#place();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Waits until all that was asked before is done; what it gives lets the next one in. */
  async #place(signal?: AbortSignal): Promise<() => void> {
    this.#checkOpen();
    throwIfAborted(signal);
    const earlier = this.#last;
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#last = earlier.then(() => left);
    try {
      await unlessAborted(earlier, signal);
      this.#checkOpen();
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new AnyqwenError("invalid-argument", "the session was closed");
  }
}

function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new AnyqwenError("aborted", "aborted by the caller", { cause: signal.reason }));
    signal.addEventListener("abort", abort, { once: true });
    void work.then(resolve).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Messages are plain data, so two that are written alike are the same. */
function beginsWith(messages: readonly ChatMessage[], head: readonly ChatMessage[]): boolean {
  const same = (a: ChatMessage, b: ChatMessage) => a === b || JSON.stringify(a) === JSON.stringify(b);
  return head.length <= messages.length && head.every((message, i) => same(message, messages[i]));
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

  get isEmpty(): boolean {
    return this.#text === "" && this.#reasoning === "" && this.#calls.length === 0;
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
