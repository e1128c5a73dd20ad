// anyqwen serve [MODEL]: one model behind OpenAI's API. When it answers it prints one line that ends in its address; SIGTERM and Ctrl-C
// let the answers under way end first. It ends with 0 when SIGTERM found or let all answers end, and with 130 after Ctrl-C.

import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { load, type Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { createServer, listen, type Server, stillLoading } from "../server/index.ts";
import { type CommandModule, examples, integer, refuseIdle } from "./shared/command.ts";
import { exitCodes, UsageError } from "./shared/exit.ts";
import { loadOptions, type ModelFlags, modelOptions } from "./shared/model.ts";
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
  readonly allowHost?: string[];
  readonly cors?: string[];
  readonly name?: string;
  readonly printConfig?: string | true;
  readonly json?: true;
  readonly adapter?: Readonly<Record<string, string>>;
}

/** How long answers under way may take when the server is asked to stop. */
const GRACE_MS = 30_000;
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
    .option("--name <name>", "what the model is called (default: its own name)")
    .option("--adapter <name=dir>", "LoRA adapter, asked for as model+name (repeatable)", adapterFlag)
    .option("--allow-host <names...>", "host names to answer to besides this machine's")
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

async function serve(model = "default", flags: ServeFlags): Promise<void> {
  const { apiKey, hosts } = accessOf(flags);
  const { printConfig: wanted } = flags;
  if (wanted !== undefined)
    return printConfig(model, { ...flags, printConfig: wanted }, apiKey !== undefined, MOST_DEFAULT_CONTEXT);
  if (flags.json) throw new UsageError("--json goes with --print-config");
  // The port comes first: who asks early learns that the model is on its way, and a port that is taken shows before the model is read.
  const door: { fetch: Server["fetch"] } = { fetch: stillLoading };
  const listening = await listen(door, flags);
  const qwen = await loadForServer(model, flags).catch(async (error: unknown) => {
    await listening.close();
    throw error;
  });
  const server = createServer(qwen, {
    name: flags.name,
    slots: flags.slots,
    queue: flags.queue,
    deadlineMs: flags.deadline * 1000,
    apiKey,
    hosts,
    origins: flags.cors,
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
  const drained = await Promise.race([
    Promise.all([server.drain(), listening.close()]).then(() => true),
    stopSignal().then(() => false),
    new Promise<false>((resolve) => setTimeout(resolve, GRACE_MS, false)),
  ]);
  if (!drained) warn("stopped before all answers had ended");
  await qwen.close();
  process.exit(signal === "SIGINT" ? exitCodes.interrupted : drained ? 0 : exitCodes.failure);
}

/** Who may ask. Flags that would change nothing are refused. */
function accessOf(flags: ServeFlags): { apiKey?: string; hosts?: readonly string[] } {
  if (flags.apiKey === "") throw new UsageError("--api-key is empty; leave it out to ask for none");
  const apiKey = flags.apiKey ?? (process.env.ANYQWEN_API_KEY || undefined);
  if (apiKey) {
    const given = flags.apiKey ? "with --api-key" : "with ANYQWEN_API_KEY";
    const because = `${given} whoever has the key is answered, by whatever name the server is called`;
    refuseIdle(flags, because, { openToAll: "--open-to-all", allowHost: "--allow-host" });
    return { apiKey, hosts: ["*"] };
  }
  if (["127.0.0.1", "localhost", "::1"].includes(flags.host)) {
    refuseIdle(flags, `at ${flags.host} only this machine can ask`, { openToAll: "--open-to-all" });
    return { hosts: flags.allowHost };
  }
  if (!flags.openToAll)
    throw new UsageError(
      `at ${flags.host} the whole network could ask: give --api-key, or --open-to-all if that is meant`,
    );
  refuseIdle(flags, "--open-to-all answers by whatever name the server is called", { allowHost: "--allow-host" });
  return { hosts: ["*"] };
}

/** Room for several full conversations at once, or for as many as fit. */
async function loadForServer(model: string, flags: ServeFlags): Promise<Qwen> {
  const options = {
    ...loadOptions({ ...flags, adapter: undefined }),
    adapters: flags.adapter,
    outputs: "logits",
    rows: Math.max(16, flags.slots),
  } as const;
  for (let contexts = Math.min(flags.slots, FULL_CONTEXTS); ; contexts--) {
    const progress = await startProgress("loading", "bytes");
    try {
      return await load(model, {
        ...options,
        poolTokens: contexts * (flags.context ?? MOST_DEFAULT_CONTEXT),
        onProgress: ({ bytes, totalBytes, phase, file }) =>
          progress.update(bytes, totalBytes, phase === "download" ? (file ?? "downloading") : undefined),
      });
    } catch (error) {
      if (!(error instanceof AnyqwenError && error.code === "out-of-memory" && contexts > 1)) throw error;
    } finally {
      progress.stop();
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
