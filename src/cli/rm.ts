// anyqwen rm MODEL: takes a model out of the cache. Asks first, or needs --yes where nobody can be asked.

import { createInterface } from "node:readline";
import type { Command } from "commander";
import { AnyqwenError } from "../core/errors.ts";
import { removeModel } from "../hub/hub.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { UsageError } from "./shared/exit.ts";
import { formatBytes, print, printJson, warn } from "./shared/output.ts";

interface RmFlags {
  readonly yes?: true;
  readonly all?: true;
  readonly cache?: string;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name as `anyqwen list` shows it")
    .option("-y, --yes", "do not ask")
    .option("--all", "every quantisation of it")
    .option("--cache <folder>", "another cache")
    .option("--json", "print one line of JSON");
  examples(command, ["Remove one", "rm qwen3:0.6b"], ["In a script", "rm Qwen/Qwen3-0.6B-GGUF:Q8_0 --yes"]);
  command.action(async (model: string, flags: RmFlags) => {
    if (!flags.yes && !(await confirmed(`remove ${model} from this machine?`))) return warn("nothing was removed");
    const removed = await removeModel(model, { cache: flags.cache, all: flags.all });
    if (flags.json) return printJson(removed);
    const { length } = removed.files;
    print(
      `removed ${length} file${length === 1 ? "" : "s"} of ${removed.repo}, ${formatBytes(removed.freedBytes)} freed`,
    );
  });
};

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("nobody to ask here; say --yes to remove it");
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    ask.on("SIGINT", () => {
      process.stderr.write("\n");
      reject(new AnyqwenError("aborted", "interrupted"));
      ask.close();
    });
    ask.on("close", () => resolve(false)); // Ctrl-D
    ask.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      ask.close();
    });
  });
}
