// anyqwen train MODEL --data F --out DIR: fine-tunes a model here, live figures on stderr, the loss curve when it is done.

import { type Command, Option } from "commander";
import pc from "picocolors";
import { AnyqwenError } from "../core/errors.ts";
import type { TrainOptions, TrainResult } from "../train/index.ts";
import { readCurve, train } from "../train/index.ts";
import { type CommandModule, collect, decimal, examples, integer } from "./shared/command.ts";
import { interruptSignal, UsageError } from "./shared/exit.ts";
import { lossChart } from "./shared/loss-chart.ts";
import { formatSeconds, print, printJson, warn } from "./shared/output.ts";
import { printLabels } from "./shared/train-labels.ts";
import { followTraining } from "./shared/train-progress.ts";

interface TrainFlags {
  readonly data: string;
  readonly out?: string;
  readonly length?: number;
  readonly onBroken?: "stop" | "skip";
  readonly cutLong?: true;
  readonly allTokens?: true;
  readonly lastTurn?: true;
  readonly showLabels?: number | true;
  readonly validation?: string;
  readonly validateEvery?: number;
  readonly patience?: number;
  readonly sample?: string[];
  readonly sampleValidation?: number;
  readonly sampleEvery?: number;
  readonly sampleTokens?: number;
  readonly method?: TrainOptions["method"];
  readonly rank?: number;
  readonly alpha?: number;
  readonly rslora?: true;
  readonly dropout?: number;
  readonly targets?: string;
  readonly initAdapter?: string;
  readonly dpoBeta?: number;
  readonly teacher?: string;
  readonly distilTemperature?: number;
  readonly distilWeight?: number;
  readonly steps?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly accumulate?: number;
  readonly lr?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly eps?: number;
  readonly weightDecay?: number;
  readonly schedule?: TrainOptions["schedule"];
  readonly warmup?: number;
  readonly clip?: number;
  readonly shuffle: boolean;
  readonly exact?: true;
  readonly seed?: number;
  readonly saveEvery?: number;
  readonly resume?: true;
  readonly threads?: number;
  readonly quantize?: "q4" | "q8";
  readonly offline?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file; for scratch a directory with a config.json")
    .requiredOption("-d, --data <file>", "conversations, instructions, texts or ids: .jsonl, .json, or a plain text")
    .option("-o, --out <dir>", "folder for the result, the log and checkpoints")
    .option("--show-labels [n]", "print what the first n examples (3) teach, and do not train", integer(1))
    .option("--length <n>", "most tokens of an example; texts are cut into such pieces (default: 2048)", integer(2))
    .addOption(
      new Option("--on-broken <what>", "at a broken record: end, or leave it out (default: stop)").choices([
        "stop",
        "skip",
      ]),
    )
    .option("--cut-long", "cut off the end of examples that are too long; else they are broken")
    .addOption(
      new Option("--all-tokens", "of conversations learn every token (default: what the assistant says)").conflicts(
        "lastTurn",
      ),
    )
    .option("--last-turn", "of conversations learn the assistant's last turn alone")
    .option("--validation <share|file>", "hold back a share of the examples (0.1), or read a file of others")
    .option("--validate-every <n>", "updates between losses over them (default: a tenth of all)", integer(1))
    .option("--patience <n>", "end after n of these without a better one, and keep the best weights", integer(1))
    .option("--sample <prompt>", "show how the model answers this while it trains; can be repeated", collect)
    .option("--sample-validation <n>", "the same for the first n examples that are held back", integer(1))
    .option("--sample-every <n>", "updates between samples (default: a tenth of all)", integer(1))
    .option("--sample-tokens <n>", "most tokens of a sample (default: 48)", integer(1))
    .addOption(
      new Option(
        "--method <name>",
        "an adapter, all weights, all from random ones, from a teacher, from preferences (default: lora)",
      ).choices(["lora", "full", "scratch", "distil", "dpo"]),
    )
    .option("--rank <n>", "rank of the adapter (default: 8)", integer(1, 1024))
    .option("--alpha <x>", "its scale is alpha / rank (default: twice the rank)", decimal(0))
    .option("--rslora", "its scale is alpha / sqrt(rank)")
    .option("--dropout <p>", "how likely an input of the adapter is left out (default: 0)", decimal(0, 0.999999))
    .option("--targets <names>", '"all", or last parts of modules: q_proj,v_proj (default: all but the head)')
    .option("--init-adapter <dir>", "go on from this PEFT adapter")
    .option("--dpo-beta <x>", "smaller leads farther from the base (default: 0.1)", decimal(0))
    .option("--teacher <model>", "the model to learn from when distilling; same vocabulary")
    .option("--distil-temperature <x>", "softens both models' probabilities (default: 2)", decimal(0.1, 100))
    .option(
      "--distil-weight <x>",
      "share of the teacher in the loss, the rest is the labels' (default: 0.5)",
      decimal(0, 1),
    )
    .option("--steps <n>", "updates (default: what --epochs takes)", integer(1))
    .option("--epochs <n>", "passes over the data (default: 1)", integer(1))
    .option("--batch-size <n>", "examples of a batch (default: 4)", integer(1))
    .option("--accumulate <n>", "batches of an update (default: 1)", integer(1))
    .option("--lr <x>", "learning rate (default: 2e-4 for adapters, 5e-5 dpo, 2e-5 full, 1e-3 scratch)", decimal(0))
    .option("--beta1 <x>", "AdamW (default: 0.9)", decimal(0, 0.999999))
    .option("--beta2 <x>", "AdamW (default: 0.999)", decimal(0, 0.999999))
    .option("--eps <x>", "AdamW (default: 1e-8)", decimal(0))
    .option("--weight-decay <x>", "AdamW (default: 0.01)", decimal(0))
    .addOption(
      new Option("--schedule <name>", "of the learning rate (default: cosine)").choices([
        "constant",
        "linear",
        "cosine",
      ]),
    )
    .option("--warmup <n>", "updates over which the rate rises (default: 0)", integer(0))
    .option("--clip <x>", "largest norm of the gradient, 0 for any (default: 1)", decimal(0))
    .option("--no-shuffle", "take the examples in the file's order")
    .option("--exact", "compute in f32 throughout, also forward through a quantised base")
    .option("--seed <n>", "of the order and of what begins at random (default: 0)", integer(0))
    .option("--save-every <n>", "updates between checkpoints (default: 100)", integer(1))
    .option("--resume", "go on from the checkpoint in the folder")
    .option("--threads <n>", "threads to compute with (default: one per core, at most 8)", integer(1, 128))
    .addOption(new Option("--quantize <type>", "store the frozen base in 4 or 8 bits").choices(["q4", "q8"]))
    .option("--offline", "never touch the network")
    .option("--json", "print one line of JSON at the end");
  examples(
    command,
    ["An adapter, with what fits most tasks", "train qwen2.5-coder:0.5b --data examples.jsonl --out my-adapter"],
    ["Look at what would be learnt, in brackets", "train qwen2.5-coder:0.5b --data examples.jsonl --show-labels 5"],
    [
      "Watch the loss on a tenth that is held back, and stop at its best",
      "train qwen2.5-coder:0.5b --data examples.jsonl --out my-adapter --epochs 9 --validation 0.1 --patience 3",
    ],
    [
      "Watch answers change: to a question, and to two examples that are held back",
      'train qwen2.5-coder:0.5b --data examples.jsonl --out my-adapter --validation 0.1 --sample "Hi" --sample-validation 2',
    ],
    ["Go on after Ctrl-C", "train qwen2.5-coder:0.5b --data examples.jsonl --out my-adapter --resume"],
    [
      "Prefer one answer to another, from pairs of them",
      "train qwen2.5-coder:0.5b --data pairs.jsonl --out my-adapter --method dpo",
    ],
    [
      "Learn from a larger model of the family",
      "train qwen3:0.6b --data examples.jsonl --out my-adapter --method distil --teacher qwen3:4b --rank 16",
    ],
    [
      "A small model of your own",
      "train ./my-config --data tokens.jsonl --out my-model --method scratch --steps 2000 --batch-size 16",
    ],
  );
  command.action(async (model: string, flags: TrainFlags) => {
    const signal = interruptSignal();
    const options = optionsOf(model, flags);
    if (flags.showLabels !== undefined) {
      const count = flags.showLabels === true ? 3 : flags.showLabels;
      await printLabels(options, count, { json: flags.json, signal });
      return;
    }
    const { out } = options;
    if (out === undefined) throw new UsageError("--out <dir> is missing: name a folder for the result");
    const progress = await followTraining(signal);
    let result: TrainResult;
    try {
      result = await train({ ...options, out }, { signal, onEvent: progress.tell });
    } catch (error) {
      progress.stop();
      if (error instanceof AnyqwenError && ["aborted", "io"].includes(error.code) && progress.saved)
        warn(`a checkpoint of step ${progress.saved} is in ${out}; --resume goes on from it`);
      throw error;
    } finally {
      progress.stop();
    }
    if (flags.json) printJson({ out, ...result });
    else await report(out, result);
  });
};

function optionsOf(model: string, flags: TrainFlags): Omit<TrainOptions, "out"> & { readonly out?: string } {
  const { targets, lr, eps, json, showLabels, onBroken, cutLong, validation, ...same } = flags;
  const names = targets === undefined || targets === "all" ? undefined : targets.split(",").map((name) => name.trim());
  if (names?.some((name) => name === "")) throw new UsageError(`--targets ${targets}: a name is empty`);
  const share = Number(validation);
  return {
    ...same,
    model,
    targets: names,
    learningRate: lr,
    epsilon: eps,
    broken: onBroken,
    long: cutLong && "cut",
    validation: validation === undefined || Number.isNaN(share) ? validation : share,
  };
}

async function report(
  out: string,
  { steps, firstLoss, lastLoss, validationLoss, best, seconds, tokensPerSecond, files }: TrainResult,
): Promise<void> {
  if (process.stdout.isTTY) print(`${lossChart(await readCurve(out), out, process.stdout.columns)}\n`);
  const validation = validationLoss === undefined ? "" : `, validation ${validationLoss.toFixed(4)}`;
  print(
    `${out}: ${steps} steps in ${formatSeconds(seconds)}, ${tokensPerSecond.toFixed(0)} tokens/s, ` +
      `loss ${firstLoss.toFixed(4)} to ${lastLoss.toFixed(4)}${validation}`,
  );
  if (best) print(`  the result is that of step ${best.step}, validation ${best.validationLoss.toFixed(4)}`);
  print(pc.dim(`  ${files.join(", ")}`));
}
