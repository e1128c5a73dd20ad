// anyqwen rm MODEL: takes a model out of the cache. Asks first, or needs --yes where nobody can be asked.

import type { Command } from "commander";
import { removeModel } from "../hub/hub.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { confirmed } from "./shared/confirm.ts";
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
    if (!flags.yes && !process.stdin.isTTY) throw new UsageError("nobody to ask here; say --yes to remove it");
    if (!flags.yes && !(await confirmed(`remove ${model} from this machine?`))) return warn("nothing was removed");
    const removed = await removeModel(model, { cache: flags.cache, all: flags.all });
    if (flags.json) return printJson(removed);
    const { length } = removed.files;
    print(
      `removed ${length} file${length === 1 ? "" : "s"} of ${removed.repo}, ${formatBytes(removed.freedBytes)} freed`,
    );
  });
};
