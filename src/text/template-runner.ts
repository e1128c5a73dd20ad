// Renders templates of strangers in a worker that is ended after two seconds; templates that the package brings along, right here.
// One worker serves one conversation after the other and is started again when it had to be ended.

import { AnyqwenError } from "../core/errors.ts";
import { isDefaultTemplate } from "./chat-template.ts";
import type { RenderedPrompt, RenderOptions, TemplateInput } from "./render-template.ts";
import type { TemplateReply, TemplateRequest } from "./template-worker.ts";

/** A running worker. `onReply` and `onFailure` are set right after it was made, before anything is posted. */
export interface TemplateWorker {
  post(request: TemplateRequest): void;
  onReply: (reply: TemplateReply) => void;
  onFailure: (why: string) => void;
  end(): void;
}

export interface TemplateRunnerOptions {
  /** Where template-worker.js lies, when a bundler has moved it. */
  readonly workerUrl?: string | URL;
  /** Another way to make a worker. */
  readonly createWorker?: () => TemplateWorker | Promise<TemplateWorker>;
  readonly timeoutMs?: number;
}

interface Pending {
  readonly request: TemplateRequest;
  resolve(prompt: RenderedPrompt): void;
  reject(error: AnyqwenError): void;
}

const startMs = 30_000;

export class TemplateRunner {
  readonly #create: () => TemplateWorker | Promise<TemplateWorker>;
  readonly #timeoutMs: number;
  readonly #waiting: Pending[] = [];
  #worker: TemplateWorker | undefined;
  #ready = false;
  #running: Pending | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  #closed = false;
  #generation = 0;

  constructor({ workerUrl, createWorker, timeoutMs = 2000 }: TemplateRunnerOptions = {}) {
    this.#create = createWorker ?? (() => (isNode() ? nodeWorker(workerUrl) : webWorker(workerUrl)));
    this.#timeoutMs = timeoutMs;
  }

  async render(source: string, input: TemplateInput, options: RenderOptions = {}): Promise<RenderedPrompt> {
    if (isDefaultTemplate(source)) return (await import("./render-template.ts")).renderTemplate(source, input, options);
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new AnyqwenError("aborted", "the template renderer is closed"));
      this.#waiting.push({ request: { id: this.#nextId++, source, input, options }, resolve, reject });
      this.#next();
    });
  }

  close(): void {
    this.#closed = true;
    this.#fail(new AnyqwenError("aborted", "the template renderer is closed"), true);
  }

  #next(): void {
    if (this.#running || this.#waiting.length === 0) return;
    this.#running = this.#waiting.shift();
    if (this.#ready) this.#send();
    else void this.#start();
  }

  async #start(): Promise<void> {
    const generation = ++this.#generation;
    this.#limit(startMs, "its worker did not start");
    try {
      const worker = await this.#create();
      if (generation !== this.#generation) return worker.end();
      this.#worker = worker;
      worker.onReply = (reply) => {
        if (generation === this.#generation) this.#receive(reply);
      };
      worker.onFailure = (why) => {
        if (generation === this.#generation) this.#fail(this.#ready ? ended(why) : unavailable(why), !this.#ready);
      };
    } catch (cause) {
      if (generation === this.#generation) this.#fail(unavailable(String(cause)), true);
    }
  }

  #send(): void {
    this.#limit(this.#timeoutMs, `it ran for more than ${this.#timeoutMs / 1000} s`);
    try {
      this.#worker?.post((this.#running as Pending).request);
    } catch (cause) {
      const running = this.#settle();
      running?.reject(new AnyqwenError("invalid-argument", `the conversation is not plain data: ${cause}`, { cause }));
      this.#next();
    }
  }

  #receive(reply: TemplateReply): void {
    if (reply.kind === "ready") {
      this.#ready = true;
      if (this.#running) this.#send();
      return;
    }
    if (reply.id !== this.#running?.request.id) return;
    const running = this.#settle();
    if (reply.kind === "prompt") running?.resolve(reply.prompt);
    else running?.reject(new AnyqwenError(reply.code, reply.message));
    this.#next();
  }

  #limit(ms: number, why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(ended(why), false), ms);
  }

  #settle(): Pending | undefined {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  /** Ends the worker; what waits gets another one, unless none can be had. */
  #fail(error: AnyqwenError, all: boolean): void {
    this.#generation++;
    this.#worker?.end();
    this.#worker = undefined;
    this.#ready = false;
    this.#settle()?.reject(error);
    if (all) for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    this.#next();
  }
}

function ended(why: string): AnyqwenError {
  return new AnyqwenError(
    "template",
    `the chat template was ended: ${why}; take another template or model, or none: a prompt as plain text`,
  );
}

function unavailable(why: string): AnyqwenError {
  return new AnyqwenError(
    "internal",
    `the worker that renders chat templates failed: ${why}; if its file was not found, say where template-worker.js lies`,
  );
}

function isNode(): boolean {
  return globalThis.process?.versions?.node !== undefined;
}

/** Under a name of its own, so that bundlers for pages do not take Node's worker for a file of the page. */
const here = import.meta.url;

async function nodeWorker(workerUrl: string | URL | undefined): Promise<TemplateWorker> {
  const { Worker } = await import("node:worker_threads");
  const url = workerUrl ? new URL(workerUrl, `file://${process.cwd()}/`) : new URL("./template-worker.js", here);
  const thread = new Worker(url, { workerData: "anyqwen-template", resourceLimits: { maxOldGenerationSizeMb: 512 } });
  const worker: TemplateWorker = {
    post(request) {
      thread.ref();
      thread.postMessage(request);
    },
    onReply() {},
    onFailure() {},
    end: () => void thread.terminate(),
  };
  thread.on("message", (reply: TemplateReply) => {
    if (reply.kind !== "ready") thread.unref(); // an idle renderer keeps no process alive
    worker.onReply(reply);
  });
  thread.on("error", (error) => worker.onFailure(String(error)));
  thread.on("exit", (code) => worker.onFailure(`it ended with code ${code}`));
  return worker;
}

function webWorker(workerUrl: string | URL | undefined): TemplateWorker {
  const thread = workerUrl
    ? new Worker(workerUrl, { type: "module", name: "anyqwen-template" })
    : new Worker(new URL("./template-worker.js", import.meta.url), { type: "module", name: "anyqwen-template" });
  const worker: TemplateWorker = {
    post: (request) => thread.postMessage(request),
    onReply() {},
    onFailure() {},
    end: () => thread.terminate(),
  };
  thread.onmessage = ({ data }: MessageEvent<TemplateReply>) => worker.onReply(data);
  thread.onerror = (event) => worker.onFailure(event.message || "it could not be loaded");
  return worker;
}
