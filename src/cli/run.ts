// anyqwen run MODEL [PROMPT]: one answer. The text streams to stdout; thoughts and figures go to stderr where a person looks.

import type { Command } from "commander";
import pc from "picocolors";
import type { ChatMessage, Qwen } from "../api.ts";
import { throwIfAborted } from "../core/errors.ts";
import { type CommandModule, examples, integer, refuseIdle } from "./shared/command.ts";
import { interruptSignal, UsageError } from "./shared/exit.ts";
import { readJsonInput, readStdin, readTextInput } from "./shared/input.ts";
import { adapterOf, adapterOption, loadOptions, type ModelFlags, modelOptions, withModel } from "./shared/model.ts";
import { note, printJson } from "./shared/output.ts";
import { figures, generateOptions, receive, type SamplingFlags, samplingOptions } from "./shared/sampling.ts";

interface RunFlags extends ModelFlags, SamplingFlags {
  readonly promptFile?: string;
  readonly raw?: true;
  readonly system?: string;
  readonly tools?: string;
  readonly think?: boolean;
  readonly logprobs?: number;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file")
    .argument("[prompt]", "what to ask; read from stdin when it is missing or -")
    .option("-f, --prompt-file <file>", "read the prompt from a file")
    .option("--raw", "no chat template: continue the text; special tokens in it are parsed")
    .option("-s, --system <text>", "system message")
    .option("--tools <file>", "JSON list of tools that the model may call, in OpenAI's form")
    .option("--think", "let the model think before it answers (default: the model's own)")
    .option("--no-think", "answer at once")
    .option("--logprobs <n>", "log-probabilities with n alternatives per token (with --json)", integer(0, 256));
  modelOptions(adapterOption(samplingOptions(command))).option(
    "--json",
    "print one line of JSON: text, tokens, usage, timings",
  );
  examples(
    command,
    ["Ask something", 'run qwen3:0.6b "Why is the sky blue?"'],
    ["Summarise a file", "run qwen3:0.6b --no-think --system 'Summarise in one sentence.' < report.txt"],
    ["Continue a text, always the most likely token", "run ./model.gguf --raw 'def fibonacci(n):' -t 0 -n 64"],
    ["With an adapter", 'run qwen3:0.6b "Why is the sky blue?" --adapter ./my-adapter'],
    ["For scripts", "run qwen3:0.6b 'Name a colour' --json | jq -r .text"],
  );
  command.action(async (model: string, prompt: string | undefined, flags: RunFlags) => {
    checkFlags(flags);
    const text = await promptOf(prompt, flags);
    const tools = await toolsOf(flags);
    const signal = interruptSignal();
    const answer = await withModel(model, { ...loadOptions(flags), outputs: "logits", signal }, (qwen) =>
      receive(ask(qwen, text, { flags, tools, signal }), !flags.json),
    );
    throwIfAborted(signal);
    const { end, reasoning, toolCalls, logprobs } = answer;
    if (!flags.json) return note(pc.dim(figures(end)));
    printJson({
      text: answer.text,
      ...(reasoning !== "" && { reasoning }),
      ...(toolCalls.length > 0 && {
        toolCalls: toolCalls.map((call) => ({ id: call.id, name: call.name, arguments: call.arguments })),
      }),
      tokens: end.tokens,
      reason: end.reason,
      seed: end.seed,
      usage: end.usage,
      timings: end.timings,
      ...(flags.logprobs !== undefined && { logprobs }),
      ...(end.speculation && { speculation: end.speculation }),
    });
  });
};

function checkFlags(flags: RunFlags): void {
  const templateOnly = { system: "--system", tools: "--tools", think: flags.think ? "--think" : "--no-think" } as const;
  if (flags.raw) refuseIdle(flags, "--raw uses no chat template", templateOnly);
  if (flags.logprobs !== undefined && !flags.json)
    throw new UsageError("--logprobs shows nothing without --json; add it");
}

async function promptOf(prompt: string | undefined, flags: RunFlags): Promise<string> {
  if (flags.promptFile !== undefined) {
    if (prompt !== undefined) throw new UsageError("give either a prompt or --prompt-file, not both");
    return readTextInput(flags.promptFile);
  }
  if (prompt !== undefined && prompt !== "-") return prompt;
  if (process.stdin.isTTY && prompt !== "-") {
    throw new UsageError("no prompt: give one, use --prompt-file, or pipe it in; to talk, use anyqwen chat");
  }
  const text = await readStdin();
  return flags.raw ? text : text.replace(/\r?\n$/, "");
}

interface Asked {
  readonly flags: RunFlags;
  readonly tools: unknown[] | undefined;
  readonly signal: AbortSignal;
}

function ask(qwen: Qwen, prompt: string, { flags, tools, signal }: Asked) {
  const options = {
    ...generateOptions(flags),
    ...adapterOf(flags),
    chunk: flags.chunk,
    logprobs: flags.logprobs,
    signal,
  };
  if (flags.raw) return qwen.generate(prompt, options);
  const messages: ChatMessage[] = [{ role: "user", content: prompt }];
  if (flags.system !== undefined) messages.unshift({ role: "system", content: flags.system });
  return qwen.chat(messages, { ...options, tools, thinking: flags.think });
}

async function toolsOf({ tools }: RunFlags): Promise<unknown[] | undefined> {
  if (tools === undefined) return undefined;
  const value = await readJsonInput(tools);
  if (!Array.isArray(value)) throw new UsageError(`${tools}: expected a JSON list of tools`);
  return value;
}
