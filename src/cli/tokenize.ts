// anyqwen tokenize MODEL: text to token ids. No weights are read; MODEL may be a tokenizer.json.

import { type Command, Option } from "commander";
import { AnyqwenError } from "../core/errors.ts";
import type { SpecialMode, Tokenizer } from "../text/tokenizer.ts";
import { type CommandModule, examples, refuseIdle } from "./shared/command.ts";
import { UsageError } from "./shared/exit.ts";
import { type JsonLine, jsonLines, readTextInput, stringField } from "./shared/input.ts";
import { print, printJson, table } from "./shared/output.ts";
import { openTokenizerOf } from "./shared/text.ts";

interface TokenizeFlags {
  readonly input?: string;
  readonly jsonl?: true;
  readonly special: SpecialMode;
  readonly pieces?: true;
  readonly count?: true;
  readonly offline?: true;
  readonly json?: true;
}

const modes = ["all", "nonspecial", "none"] as const;

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory, file, or a tokenizer.json")
    .argument("[text]", "the text; read from stdin when it is missing or -")
    .option("-i, --input <file>", "read the text (or the lines of --jsonl) from a file")
    .option("--jsonl", 'lines {"text", "special"?} in, lines {"ids"} out')
    .addOption(
      new Option("--special <which>", "added tokens that the text spells: parse all, those not marked special, or none")
        .choices(modes)
        .default("all"),
    )
    .option("--pieces", "print each id with its text")
    .option("--count", "print how many")
    .option("--offline", "never touch the network")
    .option("--json", 'print one line of JSON: {"ids"}, {"count"} or {"pieces"}');
  examples(
    command,
    ["Ids of a text", 'tokenize qwen3:0.6b "Hello, world!"'],
    ["How long is a file?", "tokenize qwen3:0.6b --count < book.txt"],
    ["Many texts, from strangers", "tokenize ./tokenizer.json --jsonl --special none < texts.jsonl > ids.jsonl"],
  );
  command.action(async (model: string, text: string | undefined, flags: TokenizeFlags) => {
    checkFlags(flags);
    if (text !== undefined && (flags.jsonl || flags.input !== undefined)) {
      throw new UsageError("give either a text or a file of texts, not both");
    }
    const tokenizer = await openTokenizerOf(model, flags);
    if (flags.jsonl) {
      for await (const line of jsonLines(flags.input ?? "-")) {
        printJson({ ids: tokenizer.encode(stringField(line, "text"), modeOf(line, flags.special)) });
      }
      return;
    }
    const given = text === undefined || text === "-" ? await readTextInput(flags.input ?? "-") : text;
    const ids = tokenizer.encode(given, flags.special);
    if (flags.json) printJson(asJson(tokenizer, ids, flags));
    else if (flags.count) print(String(ids.length));
    else if (flags.pieces) print(table([{ title: "ID", align: "right" }, { title: "TEXT" }], pieces(tokenizer, ids)));
    else printJson(ids);
  });
};

function checkFlags(flags: TokenizeFlags): void {
  const shapes = { pieces: "--pieces", count: "--count" } as const;
  if (flags.jsonl) refuseIdle(flags, '--jsonl prints lines of {"ids"}', shapes);
  if (flags.count) refuseIdle(flags, "--count prints only how many", { pieces: "--pieces" });
}

function asJson(tokenizer: Tokenizer, ids: Int32Array, { count, pieces }: TokenizeFlags): object {
  if (count) return { count: ids.length };
  return pieces ? { pieces: Array.from(ids, (id) => ({ id, text: tokenizer.decode([id]) })) } : { ids };
}

function modeOf({ where, value }: JsonLine, otherwise: SpecialMode): SpecialMode {
  const given = value.special ?? otherwise;
  const mode = modes.find((known) => known === given);
  if (mode !== undefined) return mode;
  throw new AnyqwenError("format", `${where}: "special" is ${JSON.stringify(given)}; expected ${modes.join(", ")}`);
}

function pieces(tokenizer: Tokenizer, ids: Int32Array): string[][] {
  return Array.from(ids, (id) => [String(id), JSON.stringify(tokenizer.decode([id]))]);
}
