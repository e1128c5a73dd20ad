// anyqwen compare A B FILE: how far B's predictions lie from A's over a text. One window is held at a time.

import type { Command } from "commander";
import type { LogitsResult, Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { type DivergenceFigures, DivergenceMeter } from "../eval/divergence.ts";
import { type EvaluationWindow, evaluationWindows } from "../eval/windows.ts";
import { type CommandModule, examples, integer } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { readTextInput } from "./shared/input.ts";
import { contextFor, loadOptions, type ModelFlags, modelOptions, rowsPerStep, withModel } from "./shared/model.ts";
import { formatCount, print, printJson, table } from "./shared/output.ts";
import { startProgress } from "./shared/progress.ts";

interface CompareFlags extends ModelFlags {
  readonly window: number;
  readonly windows?: number;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<reference>", "the model that counts as right")
    .argument("<model>", "the model to judge; --quantize applies to it alone")
    .argument("<file>", "a text, - for stdin")
    .option("-w, --window <tokens>", "length of a window; its second half is counted", integer(4), 512)
    .option("--windows <n>", "most windows (default: the whole text)", integer(1));
  modelOptions(command).option("--json", "print one line of JSON");
  examples(
    command,
    ["What does quantisation cost?", "compare ./model-f16.gguf ./model-q4_0.gguf book.txt"],
    ["Before quantising", "compare qwen3:0.6b qwen3:0.6b book.txt --quantize q4 --windows 8"],
  );
  command.action(async (reference: string, model: string, file: string, flags: CompareFlags) => {
    const text = await readTextInput(file);
    const signal = interruptSignal();
    const options = {
      ...loadOptions(flags),
      outputs: "logits",
      rows: rowsPerStep(flags.window, flags.chunk),
      contextTokens: contextFor(flags.window, "a window", flags),
      signal,
    } as const;
    const figures = await withModel(reference, { ...options, quantize: undefined }, (a) =>
      withModel(model, options, async (b) => {
        const windows = evaluationWindows(await sameIds(a, b, text), flags.window, flags.windows);
        return measure(a, b, windows, signal);
      }),
    );
    if (flags.json) printJson({ reference, model, ...figures, window: flags.window });
    else show(figures);
  });
};

async function sameIds(a: Qwen, b: Qwen, text: string): Promise<readonly number[]> {
  const ids = await a.tokenize(text, { special: "none" });
  const others = await b.tokenize(text, { special: "none" });
  const at = ids.findIndex((id, i) => id !== others[i]);
  if (at < 0 && ids.length === others.length) return ids;
  throw new AnyqwenError(
    "invalid-argument",
    `the models cut the text differently from token ${at < 0 ? ids.length : at} on; compare models with the same tokenizer`,
  );
}

async function measure(
  a: Qwen,
  b: Qwen,
  windows: readonly EvaluationWindow[],
  signal: AbortSignal,
): Promise<DivergenceFigures> {
  const meter = new DivergenceMeter();
  const progress = await startProgress("comparing", "windows");
  try {
    for (const [done, { ids, start }] of windows.entries()) {
      progress.update(done, windows.length);
      // Each token is told by the row before it.
      const rows = { start: start - 1, signal };
      const [x, y] = [await a.logits(ids, rows), await b.logits(ids, rows)];
      for (let i = start; i < ids.length; i++) meter.add(row(x, i - start), row(y, i - start), ids[i]);
    }
  } finally {
    progress.stop();
  }
  return meter.figures();
}

function row({ logits, vocab }: LogitsResult, index: number): Float32Array {
  return logits.subarray(index * vocab, (index + 1) * vocab);
}

function show(figures: DivergenceFigures): void {
  const { meanKl, meanKlError, medianKl, p90Kl, p99Kl, maxKl, top1Agreement } = figures;
  const kl = (value: number) => value.toPrecision(4);
  print(
    table(
      [{ title: "OVER" }, { title: `${formatCount(figures.tokens)} TOKENS` }],
      [
        ["mean KL divergence", `${kl(meanKl)} ± ${kl(meanKlError)}`],
        ["median, p90, p99, max", [medianKl, p90Kl, p99Kl, maxKl].map(kl).join("  ")],
        ["same top token", `${(top1Agreement * 100).toFixed(2)}%`],
        ["perplexity, reference", figures.perplexityReference.toFixed(4)],
        ["perplexity, model", figures.perplexityModel.toFixed(4)],
        ["rms of the right token's probability difference", `${(figures.rmsProbability * 100).toFixed(3)}%`],
      ],
    ),
  );
}
