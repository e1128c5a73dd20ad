// anyqwen list: the models in the cache, the last used first.

import type { Command } from "commander";
import { diskUsage, listModels } from "../hub/hub.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { formatBytes, note, print, printJson, table } from "./shared/output.ts";

interface ListFlags {
  readonly cache?: string;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command.option("--cache <folder>", "another cache").option("--json", "print a line of JSON for each model");
  examples(command, ["What is here", "list"], ["Only the names", "list --json | jq -r .name"]);
  command.action(async (flags: ListFlags) => {
    const options = { cache: flags.cache };
    const models = await listModels(options);
    if (flags.json) {
      for (const model of models) printJson(model);
      return;
    }
    if (models.length === 0) return note("no models yet; pull one: anyqwen pull qwen3:0.6b");
    const rows = models.map(({ name, quantisation, format, bytes, lastUsed }) => [
      name,
      quantisation ?? format,
      formatBytes(bytes),
      lastUsed.toISOString().slice(0, 10),
    ]);
    print(
      table([{ title: "NAME" }, { title: "TYPE" }, { title: "SIZE", align: "right" }, { title: "LAST USED" }], rows),
    );
    for (const { folder, bytes, freeBytes } of await diskUsage(options)) {
      note(`${folder}: ${formatBytes(bytes)} used, ${formatBytes(freeBytes)} free`);
    }
  });
};
