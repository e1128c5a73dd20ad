// All conversations of this browser, which one is open, and the answers under way. An answer goes on while its reader looks at another
// conversation; what has come of it is kept every second, so that a page that is closed in the middle loses little.

import { streamChat } from "../api/chat.ts";
import { type Problem, problemOf } from "../api/problem.ts";
import { ended, grown, requestBody } from "./answer.ts";
import {
  type AssistantMessage,
  type Conversation,
  newAnswer,
  newConversation,
  newId,
  openCalls,
  upTo,
  withMessage,
  withoutLastAnswer,
  withReplaced,
  withUserMessage,
} from "./conversation.ts";
import { settings } from "./settings.ts";
import type { ConversationStorage } from "./storage.ts";
import { Store } from "./store.ts";

interface ChatsState {
  /** Most recent first. */
  readonly conversations: readonly Conversation[];
  /** None: a new conversation, without a message yet. */
  readonly currentId: string | undefined;
  readonly running: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, Problem>;
  /** The browser keeps conversations. */
  readonly kept: boolean;
}

const SAVE_EVERY_MS = 1000;

class Chats {
  readonly store = new Store<ChatsState>({
    conversations: [],
    currentId: undefined,
    running: new Set(),
    problems: new Map(),
    kept: true,
  });
  readonly #runs = new Map<string, AbortController>();
  #storage: ConversationStorage | undefined;

  /** What was kept; `storage` undefined: nothing is. */
  async open(storage: ConversationStorage | undefined): Promise<void> {
    this.#storage = storage;
    const found = (await storage?.all()) ?? [];
    this.#change({ conversations: found.sort((a, b) => b.updated - a.updated), kept: storage !== undefined });
  }

  get current(): Conversation | undefined {
    return this.#find(this.store.get().currentId);
  }

  select(id: string | undefined): void {
    this.#change({ currentId: this.#find(id)?.id });
  }

  send(text: string): void {
    this.#ask(withUserMessage(this.current ?? newConversation(text), text));
  }

  /** Says something else in place of an earlier message; what came after it goes. */
  edit(messageId: string, text: string): void {
    const { current } = this;
    if (current) this.#ask(withUserMessage(upTo(current, messageId), text));
  }

  /** Answers again, or for the first time if the last try failed. */
  answerAgain(): void {
    const { current } = this;
    if (current) this.#ask(withoutLastAnswer(current));
  }

  /** The result of a tool call; after the last one the model goes on. */
  giveResult(callId: string, content: string): void {
    const { current } = this;
    if (!current) return;
    const next = withMessage(current, { id: newId(), role: "tool", callId, content });
    if (openCalls(next).length === 0) this.#ask(next);
    else {
      this.#put(next);
      this.#save(next.id);
    }
  }

  stop(): void {
    this.#runs.get(this.store.get().currentId ?? "")?.abort();
  }

  rename(id: string, title: string): void {
    const conversation = this.#find(id);
    if (!conversation || title.trim() === "") return;
    this.#put({ ...conversation, title: title.trim() });
    this.#save(id);
  }

  remove(id: string): void {
    this.#runs.get(id)?.abort();
    const { conversations, currentId, problems } = this.store.get();
    this.#change({
      conversations: conversations.filter((conversation) => conversation.id !== id),
      currentId: currentId === id ? undefined : currentId,
      problems: without(problems, id),
    });
    void this.#storage?.remove(id);
  }

  #ask(conversation: Conversation): void {
    const { id } = conversation;
    if (this.#runs.has(id)) return;
    const answer = newAnswer();
    this.#put(withMessage(conversation, answer));
    this.#change({ currentId: id, problems: without(this.store.get().problems, id) });
    void this.#run(conversation, answer);
  }

  async #run(asked: Conversation, started: AssistantMessage): Promise<void> {
    const { id } = asked;
    const abort = new AbortController();
    this.#runs.set(id, abort);
    this.#change({ running: new Set(this.#runs.keys()) });
    const saving = setInterval(() => this.#save(id), SAVE_EVERY_MS);
    this.#save(id);
    const since = performance.now();
    let answer = started;
    const show = (next: AssistantMessage) => {
      answer = next;
      const conversation = this.#find(id);
      if (conversation) this.#put(withReplaced(conversation, answer));
    };
    try {
      const body = requestBody(asked.messages, settings.get());
      for await (const event of streamChat(body, settings.get().apiKey, abort.signal))
        show(grown(answer, event, performance.now() - since));
      if (answer.ending === "running") show(ended(answer, "complete"));
    } catch (error) {
      show(ended(answer, abort.signal.aborted ? "stopped" : "broken"));
      if (!abort.signal.aborted) this.#fail(id, answer, problemOf(error));
    } finally {
      clearInterval(saving);
      this.#runs.delete(id);
      this.#change({ running: new Set(this.#runs.keys()) });
      this.#save(id);
    }
  }

  /** An answer that never began is taken away again; the problem stands in its place. */
  #fail(id: string, answer: AssistantMessage, problem: Problem): void {
    const conversation = this.#find(id);
    if (!conversation) return;
    if (answer.firstTokenMs === undefined) this.#put(upTo(conversation, answer.id));
    this.#change({ problems: new Map(this.store.get().problems).set(id, problem) });
  }

  #find(id: string | undefined): Conversation | undefined {
    return this.store.get().conversations.find((conversation) => conversation.id === id);
  }

  #put(conversation: Conversation): void {
    const others = this.store.get().conversations.filter(({ id }) => id !== conversation.id);
    const at = others.findIndex(({ updated }) => updated <= conversation.updated);
    this.#change({ conversations: others.toSpliced(at < 0 ? others.length : at, 0, conversation) });
  }

  #save(id: string): void {
    const conversation = this.#find(id);
    // a full disk is no reason to lose the conversation on the screen too
    if (conversation) this.#storage?.put(conversation).catch(() => this.#change({ kept: false }));
  }

  #change(change: Partial<ChatsState>): void {
    this.store.set({ ...this.store.get(), ...change });
  }
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  return new Map([...map].filter(([other]) => other !== key));
}

export const chats = new Chats();
