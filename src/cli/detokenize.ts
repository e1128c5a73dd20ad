// anyqwen detokenize MODEL: token ids to text. No weights are read; MODEL may be a tokenizer.json.

import type { Command } from "commander";
import { type CommandModule, examples } from "./shared/command.ts";
import { UsageError } from "./shared/exit.ts";
import { idsField, jsonLines, readTextInput } from "./shared/input.ts";
import { printJson } from "./shared/output.ts";
import { openTokenizerOf } from "./shared/text.ts";

interface DetokenizeFlags {
  readonly input?: string;
  readonly jsonl?: true;
  readonly skipSpecial?: true;
  readonly offline?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory, file, or a tokenizer.json")
    .argument("[ids...]", "ids; read from stdin when there are none")
    .option("-i, --input <file>", "read the ids (or the lines of --jsonl) from a file")
    .option("--jsonl", 'lines {"ids"} in, lines {"text"} out')
    .option("--skip-special", "leave special tokens out")
    .option("--offline", "never touch the network")
    .option("--json", 'print one line of JSON: {"text"}');
  examples(
    command,
    ["Text of ids", "detokenize qwen3:0.6b 9707 11 1879 0"],
    ["There and back", "tokenize qwen3:0.6b --jsonl < texts.jsonl | anyqwen detokenize qwen3:0.6b --jsonl"],
  );
  command.action(async (model: string, given: string[], flags: DetokenizeFlags) => {
    if (given.length > 0 && (flags.jsonl || flags.input !== undefined)) {
      throw new UsageError("give either ids or a file of ids, not both");
    }
    const tokenizer = await openTokenizerOf(model, flags);
    const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecial: flags.skipSpecial });
    if (flags.jsonl) {
      for await (const line of jsonLines(flags.input ?? "-")) printJson({ text: decode(idsField(line, "ids")) });
      return;
    }
    const text = decode(parseIds(given.length > 0 ? given.join(" ") : await readTextInput(flags.input ?? "-")));
    if (flags.json) printJson({ text });
    else process.stdout.write(process.stdout.isTTY ? `${text}\n` : text);
  });
};

/** "1 2 3", "1,2,3" or "[1, 2, 3]". */
function parseIds(text: string): number[] {
  const words = text.split(/[\s,[\]]+/).filter((word) => word !== "");
  const wrong = words.find((word) => !/^\d{1,9}$/.test(word));
  if (wrong !== undefined) throw new UsageError(`${JSON.stringify(wrong.slice(0, 40))} is not a token id`);
  return words.map(Number);
}
