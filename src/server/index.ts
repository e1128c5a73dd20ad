// `anyqwen/server`: a loaded model behind OpenAI's API. createServer gives a fetch handler for any runtime; listen opens a port in Node.

import { version } from "../../package.json";
import type { Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { createApp } from "./app.ts";
import { CurrentModel } from "./current-model.ts";
import { Gate } from "./gate.ts";
import { Metrics } from "./metrics.ts";
import { ModelManager, type ModelsOptions } from "./model-manager.ts";
import { ServedModel, shortName } from "./served-model.ts";

export interface ServerOptions {
  /** What the model is called; default its own name. */
  readonly name?: string;
  /** Answers computed at once; default 16. */
  readonly slots?: number;
  /** Requests that may wait for a slot; default four for each. */
  readonly queue?: number;
  /** Default 10 minutes. */
  readonly deadlineMs?: number;
  readonly apiKey?: string;
  /** Host names to answer to besides this machine's; "*": any. */
  readonly hosts?: readonly string[];
  /** Origins of pages that may ask (CORS); default none but the server's own. */
  readonly origins?: readonly string[];
  /** Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Lets clients pull models and switch to another one; default: they cannot. */
  readonly models?: ModelsOptions;
  /** For what goes wrong inside; default stderr. */
  readonly log?: (line: string) => void;
}

export interface Server {
  /** Of the model that is served now. */
  readonly name: string;
  readonly fetch: (request: Request, bindings?: object) => Response | Promise<Response>;
  /** Lets nobody in any more; settles when the last answer has ended. The model stays loaded. */
  drain(): Promise<void>;
  /** Closes the model that is served now; answers under way fail. */
  close(): Promise<void>;
}

/** Timers reach no further. */
const LONGEST_DEADLINE_MS = 2 ** 31 - 1;

export function createServer(qwen: Qwen, options: ServerOptions = {}): Server {
  const { slots = 16, deadlineMs = 600_000, maxBodyBytes = 16 << 20 } = options;
  if (!(deadlineMs >= 1 && deadlineMs <= LONGEST_DEADLINE_MS))
    throw new AnyqwenError("invalid-argument", `deadlineMs is ${deadlineMs}; expected 1 to ${LONGEST_DEADLINE_MS}`);
  if (options.apiKey === "")
    throw new AnyqwenError("invalid-argument", "apiKey is empty; leave it out to ask for none");
  const gate = new Gate(slots, options.queue ?? 4 * slots);
  const name = options.name ?? shortName(qwen.info.name);
  const model = new ServedModel(qwen, name, options.models?.source ?? qwen.info.name);
  const current = new CurrentModel(model, { gate, metrics: new Metrics(gate), deadlineMs });
  const models = options.models && new ModelManager(current, options.models);
  const app = createApp(current, {
    version,
    maxBodyBytes,
    apiKey: options.apiKey,
    hosts: (options.hosts ?? []).map((host) => host.toLowerCase()),
    origins: options.origins ?? [],
    log: options.log ?? ((line) => console.error(line)),
    models,
  });
  return {
    get name() {
      return current.name;
    },
    fetch: (request, bindings) => app.fetch(request, bindings),
    drain: async () => {
      models?.stop();
      await gate.drain();
    },
    close: () => current.model.qwen.close(),
  };
}

export { type Listening, listen } from "./listen.ts";
export { stillLoading } from "./loading.ts";
export type { ModelsOptions } from "./model-manager.ts";
export { shortName } from "./served-model.ts";
