// anyqwen chat [MODEL]: a conversation in the terminal. Ctrl-C stops the answer, not the program.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import type { Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import {
  type Conversation,
  commandNames,
  isCommand,
  loadConversation,
  runCommand,
  setSystem,
} from "./shared/conversation.ts";
import { exitCodes, interruptSignal } from "./shared/exit.ts";
import { type Lines, pipedLines, terminalLines } from "./shared/lines.ts";
import { adapterOf, adapterOption, loadOptions, type ModelFlags, modelOptions, withModel } from "./shared/model.ts";
import { formatBytes, note, print, warn } from "./shared/output.ts";
import { figures, generateOptions, receive, type SamplingFlags, samplingOptions } from "./shared/sampling.ts";

interface ChatFlags extends ModelFlags, SamplingFlags {
  readonly system?: string;
  readonly think?: boolean;
  readonly load?: string;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("[model]", "name, directory or file (default: ANYQWEN_MODEL, else the best one that is here)", "default")
    .option("-s, --system <text>", "system message")
    .option("--think", "let the model think before it answers (default: the model's own)")
    .option("--no-think", "answer at once")
    .option("--load <file>", "go on with a conversation saved by /save");
  modelOptions(adapterOption(samplingOptions(command)));
  examples(
    command,
    ["Talk", "chat qwen3:0.6b"],
    ["As someone else", "chat qwen3:0.6b --system 'You are a pirate.'"],
    ["With a long memory", "chat qwen3:0.6b --context 32768 --kv q8"],
  );
  command.action(async (model: string, flags: ChatFlags) => {
    const conversation: Conversation = { messages: [], thinking: flags.think, options: {} };
    if (flags.load !== undefined) note(pc.dim(await loadConversation(conversation, flags.load)));
    if (flags.system !== undefined) setSystem(conversation, flags.system);
    const signal = interruptSignal();
    await withModel(model, { ...loadOptions(flags), outputs: "logits", signal }, async (qwen) => {
      const { name, parameters, memoryBytes, threads, contextTokens } = qwen.info;
      const size = parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)}B` : `${(parameters / 1e6).toPrecision(3)}M`;
      note(
        pc.dim(
          `${name}: ${size} parameters, ${formatBytes(memoryBytes)}, ${threads} thread${threads === 1 ? "" : "s"}, ` +
            `${contextTokens} tokens of context. /help shows what else you can do.`,
        ),
      );
      // Once loaded, an interrupt outside of an answer has nothing to wait for.
      signal.addEventListener("abort", () => process.exit(exitCodes.interrupted));
      await talk(qwen, conversation, flags);
    });
  });
};

async function talk(qwen: Qwen, conversation: Conversation, flags: ChatFlags): Promise<void> {
  const history = await readHistory();
  const complete = (line: string) => (line.startsWith("/") ? commandNames.filter((name) => name.startsWith(line)) : []);
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const lines: Lines = terminal ? terminalLines(history, complete) : pipedLines(process.stdin);
  let asked = false;
  for (;;) {
    const typed = await lines.next(pc.bold("> "));
    if (typed.kind === "end") break;
    if (typed.kind === "interrupt") {
      if (asked && !typed.hadText) break;
      asked = !typed.hadText;
      if (asked) note(pc.dim("Ctrl-C again, or /exit, to end"));
      continue;
    }
    asked = false;
    const text = typed.text.trim();
    if (text === "") continue;
    try {
      if (isCommand(text)) {
        const { say, exit, answer } = await runCommand(conversation, text);
        if (say !== undefined) print(say);
        if (exit) break;
        if (!answer) continue;
      } else conversation.messages.push({ role: "user", content: typed.text });
      await answerLast(qwen, conversation, flags);
    } catch (error) {
      // The conversation goes on: too long a message or a wrong setting is no reason to lose it.
      if (!(error instanceof AnyqwenError)) throw error;
      warn(`${pc.red("error:")} ${error.message}`);
      if (conversation.messages.at(-1)?.role === "user") conversation.messages.pop();
    }
  }
  if (terminal) await writeHistory(history);
}

async function answerLast(qwen: Qwen, conversation: Conversation, flags: ChatFlags): Promise<void> {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  // Only this listener while an answer runs: the program's own would end it.
  const others = process.listeners("SIGINT");
  process.removeAllListeners("SIGINT");
  process.on("SIGINT", onInterrupt);
  try {
    const { text, reasoning, toolCalls, end } = await receive(
      qwen.chat(conversation.messages, {
        ...generateOptions(flags),
        ...conversation.options,
        ...adapterOf(flags),
        chunk: flags.chunk,
        thinking: conversation.thinking,
        overflow: "shift",
        signal: stop.signal,
      }),
      true,
    );
    conversation.messages.push({
      role: "assistant",
      content: text,
      ...(reasoning !== "" && { reasoning_content: reasoning }),
      ...(toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
          id,
          type: "function",
          function: { name, arguments: given },
        })),
      }),
    });
    note(pc.dim(figures(end)));
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    for (const listener of others) process.on("SIGINT", listener);
  }
}

function historyFile(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "anyqwen", "chat-history.json");
}

async function readHistory(): Promise<string[]> {
  try {
    const value: unknown = JSON.parse(await readFile(historyFile(), "utf8"));
    return Array.isArray(value) ? value.filter((line) => typeof line === "string") : [];
  } catch {
    return []; // none yet, or not ours to read
  }
}

async function writeHistory(history: readonly string[]): Promise<void> {
  const file = historyFile();
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(history), { mode: 0o600 });
  } catch {
    // A read-only home costs the history, nothing else.
  }
}
