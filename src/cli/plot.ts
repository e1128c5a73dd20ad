// anyqwen plot DIR: the losses of a training run, also while it goes on.

import { writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { lossSvg, readCurve } from "../train/index.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { lossChart } from "./shared/loss-chart.ts";
import { print, printJson } from "./shared/output.ts";

interface PlotFlags {
  readonly svg?: string;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<folder>", "that anyqwen train writes to")
    .option("--svg <file>", "write a picture too; a run writes loss.svg by itself at every checkpoint and at its end")
    .option("--json", "print the points as one line of JSON");
  examples(
    command,
    ["How is it going?", "plot my-adapter"],
    ["The validations alone", "plot my-adapter --json | jq .validation"],
  );
  command.action(async (folder: string, { svg, json }: PlotFlags) => {
    const curve = await readCurve(folder);
    if (svg !== undefined) await writeFile(svg, lossSvg(curve, basename(resolve(folder))));
    if (json) printJson(curve);
    else print(lossChart(curve, folder, process.stdout.columns));
  });
};
