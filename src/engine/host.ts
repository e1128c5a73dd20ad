// The engine's side of the messages: opens the model, hands requests to it, sends replies. One host per worker, one model per host.

import { AnyqwenError } from "../core/errors.ts";
import { Engine, inspectSource } from "./engine.ts";
import { type Calls, errorReply, type Reply, type Request } from "./messages.ts";
import { Outbox } from "./outbox.ts";
import type { LoadProgress } from "./types.ts";

type CallRequest = Extract<Request, { kind: "call" }>;
type StreamRequest = Extract<Request, { kind: "stream" }>;
type Send = (reply: Reply, transfer?: readonly ArrayBufferLike[]) => void;

export class EngineHost {
  readonly #send: Send;
  readonly #aborts = new Map<number, AbortController>();
  readonly #underWay = new Set<Promise<void>>();
  #engine: Engine | undefined;

  constructor(send: Send) {
    this.#send = send;
  }

  handle(request: Request): void {
    if (request.kind === "cancel") this.#aborts.get(request.id)?.abort();
    else if (request.kind === "close") void this.close();
    else {
      const answer = this.#answer(request).finally(() => this.#underWay.delete(answer));
      this.#underWay.add(answer);
    }
  }

  async close(): Promise<void> {
    for (const abort of this.#aborts.values()) abort.abort();
    // Each ends at its next step; memory goes when nobody uses it.
    await Promise.all(this.#underWay);
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }

  async #answer(request: CallRequest | StreamRequest): Promise<void> {
    const { id } = request;
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    try {
      if (request.kind === "stream") await this.#stream(request, abort.signal);
      else {
        const value = await this.#call(request, abort.signal);
        this.#send({ kind: "result", id, value }, buffersOf(value));
      }
    } catch (error) {
      this.#send(errorReply(id, error));
    } finally {
      this.#aborts.delete(id);
    }
  }

  async #stream(request: StreamRequest, signal: AbortSignal): Promise<void> {
    const outbox = new Outbox((parts) => this.#send({ kind: "parts", id: request.id, parts }));
    const context = { signal, emit: outbox.push.bind(outbox) };
    if (request.name === "chat") await this.#model().chat(request.params, context);
    else await this.#model().generate(request.params, context);
  }

  async #call(request: CallRequest, signal: AbortSignal): Promise<Calls[keyof Calls]["result"]> {
    switch (request.name) {
      case "load": {
        if (this.#engine) throw new AnyqwenError("internal", "this engine has a model already");
        const { source, options } = request.params;
        this.#engine = await Engine.open(source, options, { signal, onProgress: this.#progress(request.id) });
        return this.#engine.info;
      }
      case "inspect":
        return inspectSource(request.params.source, request.params.options, {
          signal,
          onProgress: this.#progress(request.id),
        });
      case "addAdapter":
        return this.#model().addAdapter(request.params, signal);
      case "removeAdapter":
        return this.#model().removeAdapter(request.params);
      case "info":
        return this.#model().info;
      case "tokenize":
        return this.#model().tokenize(request.params.text, request.params.special);
      case "detokenize":
        return this.#model().detokenize(request.params.ids);
      case "template":
        return this.#model().template(request.params);
      case "logits":
        return this.#model().logits(request.params, signal);
      case "score":
        return this.#model().score(request.params, signal);
      case "embed":
        return this.#model().embed(request.params, signal);
      case "rerank":
        return this.#model().rerank(request.params, signal);
      case "bench":
        return this.#model().bench(request.params, signal);
      case "openSession":
        return this.#model().openSession(request.params.from);
      case "sessionLength":
        return this.#model().sessionLength(request.params.session);
      case "rewindSession":
        return this.#model().rewindSession(request.params);
      case "saveSession":
        return this.#model().saveSession(request.params);
      case "restoreSession":
        return this.#model().restoreSession(request.params);
      case "closeSession":
        return this.#model().closeSession(request.params.session);
    }
  }

  #model(): Engine {
    if (this.#engine) return this.#engine;
    throw new AnyqwenError("invalid-argument", "no model is loaded, or it was closed");
  }

  #progress(id: number): (progress: LoadProgress) => void {
    let sentAt = 0;
    return (progress) => {
      const now = performance.now();
      if (now - sentAt < 50 && progress.bytes < progress.totalBytes) return;
      sentAt = now;
      this.#send({ kind: "progress", id, progress });
    };
  }
}

/** Large results change hands instead of being copied. */
function buffersOf(value: unknown): ArrayBufferLike[] {
  const items = ArrayBuffer.isView(value)
    ? [value]
    : value !== null && typeof value === "object"
      ? Object.values(value)
      : [];
  return [...new Set(items.filter((item) => ArrayBuffer.isView(item)).map((item) => item.buffer))];
}
