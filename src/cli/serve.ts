// anyqwen serve [MODEL]: one model behind OpenAI's API. When it answers it prints one line that ends in its address; SIGTERM and Ctrl-C
// let the answers under way end first. It ends with 0 when all had ended after SIGTERM, with 1 when some were cut off, and with 130
// after Ctrl-C.

import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { type LoadProgress, load, type Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { createServer, listen, type Server, stillLoading } from "../server/index.ts";
import { type CommandModule, examples, integer, refuseIdle } from "./shared/command.ts";
import { exitCodes, UsageError } from "./shared/exit.ts";
import { loadOptions, type ModelFlags, modelOptions } from "./shared/model.ts";
import { modelToServe } from "./shared/offer-model.ts";
import { formatBytes, note, print, warn } from "./shared/output.ts";
import { printConfig } from "./shared/print-config.ts";
import { startProgress } from "./shared/progress.ts";

interface ServeFlags extends Omit<ModelFlags, "adapter"> {
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
  readonly printConfig?: string | true;
  readonly json?: true;
  readonly adapter?: Readonly<Record<string, string>>;
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
    .option("--adapter <name=dir>", "LoRA adapter, asked for as model+name (repeatable)", adapterFlag)
    .option("--allow-host <names...>", "host names to answer to besides this machine's")
    .option(
      "--models-api",
      "let clients pull models and switch to another (default: at this machine's own address only)",
    )
    .option("--no-models-api", "let nobody pull models or switch to another")
    .option("--cors <origins...>", "origins of pages that may ask, * for all")
    .option("--print-config [client]", "print what clients need to know of this server, of all or of one, and end")
    .option("--json", "with --print-config: a line of JSON for each client");
  modelOptions(command);
  examples(
    command,
    ["Serve the best model that is here", "serve"],
    ["A model for other programs of this machine", "serve qwen3:0.6b --port 8000"],
    ["What other programs need, to paste", "serve qwen3:0.6b --port 8000 --print-config"],
    ["With two adapters on one model", "serve qwen3:0.6b --adapter legal=./legal --adapter poet=./poet.gguf"],
    ["For the network", "serve ./model.gguf --host 0.0.0.0 --api-key $(openssl rand -hex 16)"],
  );
  command.action(serve);
};

async function serve(named: string | undefined, flags: ServeFlags): Promise<void> {
  const { apiKey, hosts, modelsApi } = accessOf(flags);
  const { printConfig: wanted } = flags;
  if (wanted !== undefined)
    return printConfig(
      named ?? "default",
      { ...flags, printConfig: wanted },
      apiKey !== undefined,
      MOST_DEFAULT_CONTEXT,
    );
  if (flags.json) throw new UsageError("--json goes with --print-config");
  // The port comes first: who asks early learns that the model is on its way, and a port that is taken shows before the model is read.
  const door: { fetch: Server["fetch"] } = { fetch: stillLoading };
  const listening = await listen(door, flags);
  const { model, qwen } = await firstModel(named, flags).catch(async (error: unknown) => {
    await listening.close();
    throw error;
  });
  const { name: firstPath } = qwen.info;
  const server = createServer(qwen, {
    name: flags.name,
    slots: flags.slots,
    queue: flags.queue,
    deadlineMs: flags.deadline * 1000,
    apiKey,
    hosts,
    origins: flags.cors,
    models: modelsApi
      ? {
          source: model,
          load: (path, onProgress) => {
            // adapters were made for the model that the server began with
            const isFirst = path === model || path === firstPath;
            return loadForServer(path, isFirst ? flags : { ...flags, adapter: undefined }, onProgress);
          },
          hub: { offline: flags.offline },
        }
      : undefined,
  });
  door.fetch = server.fetch;
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
  const signal = await stopSignal();
  note(pc.dim("stopping: answers under way may end; once more stops at once"));
  const drained = Promise.all([server.drain(), listening.close()]).then(() => true);
  // this timer also keeps the process: a connection that nobody reads from does not
  const cutOff = Promise.race([stopSignal(), sleep(flags.grace * 1000)]).then(() => false);
  const allEnded = await Promise.race([drained, cutOff]);
  if (!allEnded) warn("stopped before all answers had ended");
  await server.close();
  if (!allEnded) await Promise.race([drained, sleep(LAST_WORDS_MS)]);
  process.exit(signal === "SIGINT" ? exitCodes.interrupted : allEnded ? 0 : exitCodes.failure);
}

/** Who may ask, and whether they may change the model. Flags that would change nothing are refused. */
function accessOf(flags: ServeFlags): { apiKey?: string; hosts?: readonly string[]; modelsApi: boolean } {
  if (flags.apiKey === "") throw new UsageError("--api-key is empty; leave it out to ask for none");
  const apiKey = flags.apiKey ?? (process.env.ANYQWEN_API_KEY || undefined);
  const local = ["127.0.0.1", "localhost", "::1"].includes(flags.host);
  const modelsApi = flags.modelsApi ?? local;
  if (apiKey) {
    const given = flags.apiKey ? "with --api-key" : "with ANYQWEN_API_KEY";
    const because = `${given} whoever has the key is answered, by whatever name the server is called`;
    refuseIdle(flags, because, { openToAll: "--open-to-all", allowHost: "--allow-host" });
    return { apiKey, hosts: ["*"], modelsApi };
  }
  if (local) {
    refuseIdle(flags, `at ${flags.host} only this machine can ask`, { openToAll: "--open-to-all" });
    return { hosts: flags.allowHost, modelsApi };
  }
  if (!flags.openToAll)
    throw new UsageError(
      `at ${flags.host} the whole network could ask: give --api-key, or --open-to-all if that is meant`,
    );
  refuseIdle(flags, "--open-to-all answers by whatever name the server is called", { allowHost: "--allow-host" });
  if (modelsApi)
    throw new UsageError("--models-api without an API key would let the whole network fill this machine's disk");
  return { hosts: ["*"], modelsApi };
}

async function firstModel(named: string | undefined, flags: ServeFlags): Promise<{ model: string; qwen: Qwen }> {
  const model = await modelToServe(named, flags);
  const progress = await startProgress("loading", "bytes");
  try {
    const qwen = await loadForServer(model, flags, ({ bytes, totalBytes, phase, file }) =>
      progress.update(bytes, totalBytes, phase === "download" ? (file ?? "downloading") : undefined),
    );
    return { model, qwen };
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
  const options = {
    ...loadOptions({ ...flags, adapter: undefined }),
    adapters: flags.adapter,
    outputs: "logits",
    rows: Math.max(16, flags.slots),
  } as const;
  for (let contexts = Math.min(flags.slots, FULL_CONTEXTS); ; contexts--) {
    try {
      const poolTokens = contexts * (flags.context ?? MOST_DEFAULT_CONTEXT);
      return await load(model, { ...options, poolTokens, onProgress });
    } catch (error) {
      if (!(error instanceof AnyqwenError && error.code === "out-of-memory" && contexts > 1)) throw error;
    }
  }
}

function adapterFlag(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, path] = /^([\w.-]{1,128})=(.+)$/.exec(text) ?? [];
  if (name === undefined)
    throw new InvalidArgumentError(`${JSON.stringify(text)} is not of the form name=dir, as legal=./legal-adapter.`);
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError(`There are two adapters called ${name}.`);
  return { ...earlier, [name]: resolve(path) };
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, resolve);
  });
}
