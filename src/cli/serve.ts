// anyqwen serve [MODEL]: one model behind OpenAI's API. When it answers it prints one line that ends in its address; SIGTERM and Ctrl-C
// let the answers under way end first.

import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import pc from "picocolors";
import { type LoadProgress, load, type Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { createServer, listen } from "../server/index.ts";
import { type CommandModule, examples, integer } from "./shared/command.ts";
import { UsageError } from "./shared/exit.ts";
import { loadOptions, type ModelFlags, modelOptions } from "./shared/model.ts";
import { modelToServe } from "./shared/offer-model.ts";
import { formatBytes, note, print } from "./shared/output.ts";
import { startProgress } from "./shared/progress.ts";

interface ServeFlags extends ModelFlags {
  readonly host: string;
  readonly port: number;
  readonly apiKey?: string;
  readonly openToAll?: true;
  readonly slots: number;
  readonly queue?: number;
  readonly deadline: number;
  readonly grace: number;
  readonly allowHost?: string[];
  readonly cors?: string[];
  readonly name?: string;
  readonly modelsApi?: boolean;
}

/** What answers that are cut off have to be told so. */
const LAST_WORDS_MS = 1000;
/** Full conversations that there is room for at once, where memory allows it. */
const FULL_CONTEXTS = 4;
/** What a context is at most when nobody says how long. */
const MOST_DEFAULT_CONTEXT = 8192;

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("[model]", "name, directory or file (default: ANYQWEN_MODEL, else the best one that is here)")
    .option("--host <address>", "address to listen at", "127.0.0.1")
    .option("--port <n>", "port to listen at; 0 takes a free one", integer(0, 65535), 8080)
    .option("--api-key <key>", "what clients must send (default: ANYQWEN_API_KEY, else none)")
    .option("--open-to-all", "listen at an address of the network without an API key")
    .option("--slots <n>", "answers computed at once", integer(1), 16)
    .option("--queue <n>", "requests that may wait; more get 429 (default: four for each slot)", integer(0))
    .option("--deadline <seconds>", "after this an answer is given up", integer(1, 2_000_000), 600)
    .option("--grace <seconds>", "how long answers under way may take to end on SIGTERM", integer(0, 2_000_000), 30)
    .option("--name <name>", "what the model is called (default: its own name)")
    .option("--allow-host <names...>", "host names to answer to besides this machine's")
    .option(
      "--models-api",
      "let clients pull models and switch to another (default: at this machine's own address only)",
    )
    .option("--no-models-api", "let nobody pull models or switch to another")
    .option("--cors <origins...>", "origins of pages that may ask, * for all");
  modelOptions(command);
  examples(
    command,
    ["Serve the best model that is here", "serve"],
    ["A model for other programs of this machine", "serve qwen3:0.6b --port 8000"],
    ["For the network", "serve ./model.gguf --host 0.0.0.0 --api-key $(openssl rand -hex 16)"],
  );
  command.action(serve);
};

async function serve(named: string | undefined, flags: ServeFlags): Promise<void> {
  if (flags.apiKey === "") throw new UsageError("--api-key is empty; leave it out to ask for none");
  const apiKey = flags.apiKey ?? (process.env.ANYQWEN_API_KEY || undefined);
  const local = ["127.0.0.1", "localhost", "::1"].includes(flags.host);
  if (!local && !apiKey && !flags.openToAll) {
    throw new UsageError(
      `at ${flags.host} the whole network could ask: give --api-key, or --open-to-all if that is meant`,
    );
  }
  if (flags.modelsApi && !local && !apiKey)
    throw new UsageError("--models-api without an API key would let the whole network fill this machine's disk");
  const model = await modelToServe(named, flags);
  const qwen = await loadShown(model, flags);
  const server = createServer(qwen, {
    name: flags.name,
    slots: flags.slots,
    queue: flags.queue,
    deadlineMs: flags.deadline * 1000,
    apiKey,
    // who must show a key, or has opened the server to all, is not told apart by the name it was called by
    hosts: !local || apiKey ? ["*"] : flags.allowHost,
    origins: flags.cors,
    models:
      (flags.modelsApi ?? local)
        ? {
            source: model,
            load: (path, onProgress) => loadForServer(path, flags, onProgress),
            hub: { offline: flags.offline },
          }
        : undefined,
  });
  const listening = await listen(server, flags);
  const { memoryBytes, threads, contextTokens } = qwen.info;
  note(
    pc.dim(
      `${server.name}: ${formatBytes(memoryBytes)}, ${threads} threads, ${contextTokens} tokens of context, ${flags.slots} slots`,
    ),
  );
  note(
    pc.dim(
      `curl ${listening.url}/v1/chat/completions -H 'Content-Type: application/json' ${apiKey ? '-H "Authorization: Bearer $ANYQWEN_API_KEY" ' : ""}-d '{"messages":[{"role":"user","content":"Hello"}]}'`,
    ),
  );
  print(`${server.name} is served at ${listening.url}`);
  await stopSignal();
  note(pc.dim("stopping: answers under way may end; once more stops at once"));
  const ended = Promise.all([server.drain(), listening.close()]);
  // these timers also keep the process: a connection that nobody reads from does not
  await Promise.race([ended, stopSignal(), sleep(flags.grace * 1000)]);
  await server.close();
  await Promise.race([ended, sleep(LAST_WORDS_MS)]);
  process.exit(0);
}

async function loadShown(model: string, flags: ServeFlags): Promise<Qwen> {
  const progress = await startProgress("loading", "bytes");
  try {
    return await loadForServer(model, flags, ({ bytes, totalBytes, phase, file }) =>
      progress.update(bytes, totalBytes, phase === "download" ? (file ?? "downloading") : undefined),
    );
  } finally {
    progress.stop();
  }
}

/** Room for several full conversations at once, or for as many as fit. */
async function loadForServer(
  model: string,
  flags: ServeFlags,
  onProgress: (progress: LoadProgress) => void,
): Promise<Qwen> {
  const options = { ...loadOptions(flags), outputs: "logits", rows: Math.max(16, flags.slots) } as const;
  for (let contexts = Math.min(flags.slots, FULL_CONTEXTS); ; contexts--) {
    try {
      const poolTokens = contexts * (flags.context ?? MOST_DEFAULT_CONTEXT);
      return await load(model, { ...options, poolTokens, onProgress });
    } catch (error) {
      if (!(error instanceof AnyqwenError && error.code === "out-of-memory" && contexts > 1)) throw error;
    }
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve());
  });
}
