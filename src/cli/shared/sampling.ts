// Options of commands that generate text, and how an answer is shown: text on stdout, thoughts and figures on stderr.

import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import type { EndPart, GenerateOptions, Part, TokenLogprob, ToolCallPart } from "../../api.ts";
import { collect, decimal, integer } from "./command.ts";

export interface SamplingFlags {
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly ignoreEos?: true;
  readonly logitBias?: Readonly<Record<number, number>>;
  readonly speculate?: true | "mtp" | "lookup" | "none";
}

export function samplingOptions(command: Command): Command {
  return command
    .option("-t, --temperature <x>", "0 always takes the most likely token (default: the model's)", decimal(0, 100))
    .option("--top-k <n>", "sample from the n most likely tokens, 0 for all", integer(0, 2 ** 31 - 1))
    .option("--top-p <x>", "sample from the most likely tokens that add up to x", decimal(0, 1))
    .option("--min-p <x>", "drop tokens less likely than x times the most likely", decimal(0, 1))
    .option("--repetition-penalty <x>", "above 1 discourages tokens seen before", decimal(0.001, 1000))
    .option("--presence-penalty <x>", "subtracted once from tokens of the answer", decimal(-100, 100))
    .option("--frequency-penalty <x>", "subtracted per occurrence in the answer", decimal(-100, 100))
    .option("--logit-bias <id:x>", "add x to the logit of a token id (repeatable)", bias)
    .option("--seed <n>", "the same seed gives the same text", integer(0))
    .option("-n, --max-tokens <n>", "most tokens to generate", integer(1))
    .option("--stop <text>", "end before this text (repeatable)", stopText)
    .option("--ignore-eos", "do not end at the model's end tokens")
    .addOption(
      new Option(
        "--speculate [from]",
        "draft tokens: mtp (the model's MTP layer, and repetitions), lookup (repetitions alone) or none; never another text " +
          "(default: mtp where the model has it; without a value: all that there is)",
      ).choices(["mtp", "lookup", "none"]),
    );
}

function stopText(text: string, earlier?: readonly string[]): string[] {
  if (text === "") throw new InvalidArgumentError("An empty text would end every answer before it begins.");
  return collect(text, earlier);
}

function bias(text: string, earlier: Readonly<Record<number, number>> = {}): Record<number, number> {
  const match = /^(\d+)[:=]([+-]?(?:\d+\.?\d*|\.\d+))$/.exec(text);
  if (!match) throw new InvalidArgumentError(`${JSON.stringify(text)} is not of the form id:value, as 1234:-2.5.`);
  return { ...earlier, [Number(match[1])]: Number(match[2]) };
}

export function generateOptions(flags: SamplingFlags): GenerateOptions {
  const { temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty } = flags;
  const { seed, maxTokens, stop, ignoreEos, logitBias, speculate } = flags;
  return {
    temperature,
    topK,
    topP,
    minP,
    repetitionPenalty,
    presencePenalty,
    frequencyPenalty,
    seed,
    maxTokens,
    stop,
    ignoreEos,
    logitBias,
    speculate,
  };
}

export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCallPart[];
  readonly logprobs: readonly TokenLogprob[];
  readonly end: EndPart;
}

/** Collects an answer and, if asked, shows it while it comes. */
export async function receive(parts: AsyncIterable<Part>, show: boolean): Promise<Answer> {
  let [text, reasoning] = ["", ""];
  const toolCalls: ToolCallPart[] = [];
  const logprobs: TokenLogprob[] = [];
  let end: EndPart | undefined;
  for await (const part of parts) {
    if (part.type === "end") end = part;
    else if (part.type === "tool-call") {
      toolCalls.push(part);
      if (show) process.stdout.write(`${JSON.stringify({ name: part.name, arguments: part.arguments })}\n`);
    } else if (part.type === "text" || part.type === "reasoning") {
      logprobs.push(...(part.logprobs ?? []));
      if (part.type === "text") text += part.text;
      else reasoning += part.text;
      if (show) showPart(part.type, part.text);
    }
  }
  if (!end) throw new Error("the answer has no end");
  if (show && !text.endsWith("\n") && text !== "") process.stdout.write("\n");
  return { text, reasoning, toolCalls, logprobs, end };
}

function showPart(type: "text" | "reasoning", text: string): void {
  if (type === "text") process.stdout.write(text);
  else if (process.stderr.isTTY) process.stderr.write(pc.dim(text));
}

/** "23 tokens, 41.2 tokens/s; prompt of 35 tokens, first token after 0.31 s". */
export function figures({ usage, timings, reason, speculation }: EndPart): string {
  const { promptTokens, cachedTokens, completionTokens } = usage;
  const cached = cachedTokens > 0 ? ` (${cachedTokens} held already)` : "";
  const { drafted = 0, accepted = 0 } = speculation ?? {};
  const drafts = drafted > 0 ? `, ${accepted} of ${drafted} drafts held` : "";
  const why = reason === "length" ? ", length reached" : reason === "aborted" ? ", stopped" : "";
  return (
    `${completionTokens} tokens, ${timings.decodePerSecond.toFixed(1)} tokens/s${drafts}${why}; ` +
    `prompt of ${promptTokens} tokens${cached}, first token after ${(timings.firstTokenMs / 1000).toFixed(2)} s`
  );
}
