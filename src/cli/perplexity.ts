// anyqwen perplexity MODEL FILE: how well a model predicts a text. Cut and counted as llama.cpp's llama-perplexity does it.

import type { Command } from "commander";
import { type PerplexityFigure, perplexity } from "../eval/perplexity.ts";
import { evaluationWindows } from "../eval/windows.ts";
import { type CommandModule, examples, integer } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { readTextInput } from "./shared/input.ts";
import {
  adapterOf,
  adapterOption,
  contextFor,
  loadOptions,
  type ModelFlags,
  modelOptions,
  rowsPerStep,
  withModel,
} from "./shared/model.ts";
import { formatCount, print, printJson } from "./shared/output.ts";

interface PerplexityFlags extends ModelFlags {
  readonly window: number;
  readonly windows?: number;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file")
    .argument("<file>", "a text, - for stdin")
    .option("-w, --window <tokens>", "length of a window; its second half is counted", integer(4), 512)
    .option("--windows <n>", "most windows (default: the whole text)", integer(1));
  modelOptions(adapterOption(command)).option("--json", "print one line of JSON at the end");
  examples(
    command,
    ["A whole text", "perplexity qwen3:0.6b wiki.test.raw"],
    ["A first impression", "perplexity ./model.gguf book.txt --windows 4"],
  );
  command.action(async (model: string, file: string, flags: PerplexityFlags) => {
    const text = await readTextInput(file);
    const signal = interruptSignal();
    const options = {
      ...loadOptions(flags),
      outputs: "logits",
      rows: rowsPerStep(flags.window, flags.chunk),
      contextTokens: contextFor(flags.window, "a window", flags),
      signal,
    } as const;
    await withModel(model, options, async (qwen) => {
      const ids = await qwen.tokenize(text, { special: "none" });
      const windows = evaluationWindows(ids, flags.window, flags.windows);
      const score = (window: readonly number[], start: number) =>
        qwen.score(window, start, { chunk: flags.chunk, ...adapterOf(flags), signal });
      let last: PerplexityFigure | undefined;
      for await (const figure of perplexity(windows, score)) {
        last = figure;
        if (!flags.json) print(`${figure.window}/${figure.windows}  ${figure.perplexity.toFixed(4)}`);
      }
      if (!last) return;
      const { perplexity: value, error, tokens } = last;
      if (flags.json)
        printJson({ model, perplexity: value, error, tokens, window: flags.window, windows: windows.length });
      else print(`perplexity ${value.toFixed(4)} ± ${error.toFixed(5)} over ${formatCount(tokens)} tokens`);
    });
  });
};
