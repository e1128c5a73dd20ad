#!/usr/bin/env node
// The `anyqwen` command. A command's module is loaded only when it is called, so that starting stays quick.

import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import type { CommandModule } from "./shared/command.ts";
import { endWithReader, exitCodes, reportError } from "./shared/exit.ts";

const commands: Readonly<Record<string, readonly [summary: string, load: () => Promise<CommandModule>]>> = {
  run: ["answer one prompt", () => import("./run.ts")],
  chat: ["talk to a model", () => import("./chat.ts")],
  serve: ["serve a model behind OpenAI's API", () => import("./serve.ts")],
  pull: ["download a model", () => import("./pull.ts")],
  list: ["show the models that are here", () => import("./list.ts")],
  rm: ["remove a downloaded model", () => import("./rm.ts")],
  inspect: ["show what a model is, and the memory that it will need", () => import("./inspect.ts")],
  tokenize: ["turn text into token ids", () => import("./tokenize.ts")],
  detokenize: ["turn token ids into text", () => import("./detokenize.ts")],
  template: ["show the prompt that a conversation becomes", () => import("./template.ts")],
  embed: ["turn texts into vectors", () => import("./embed.ts")],
  rerank: ["order documents by how well they answer a query", () => import("./rerank.ts")],
  logits: ["compute the logits of every position", () => import("./logits.ts")],
  perplexity: ["measure how well a model predicts a text", () => import("./perplexity.ts")],
  compare: ["measure how far two models' predictions lie apart", () => import("./compare.ts")],
  train: ["fine-tune a model", () => import("./train.ts")],
  plot: ["draw the losses of a training run", () => import("./plot.ts")],
  quantize: ["write a model as GGUF in a smaller type", () => import("./quantize.ts")],
  merge: ["add an adapter to its model's weights, as GGUF or safetensors", () => import("./merge.ts")],
  bench: ["measure speed and memory", () => import("./bench.ts")],
};

const program = new Command("anyqwen")
  .description("Run and fine-tune any Qwen open-weight model, here, from its own files.")
  .version(version, "-V, --version", "print the version")
  .helpOption("-h, --help", "print help; also after a command, with examples")
  .helpCommand("help [command]", "print help for a command")
  .showHelpAfterError("(anyqwen --help lists the commands)")
  .addHelpText(
    "after",
    `
MODEL is a short name (qwen3:0.6b), a Hugging Face repository (Qwen/Qwen3-0.6B-GGUF:Q8_0), a directory or a file.

Examples:
  $ anyqwen pull qwen3:0.6b
  $ anyqwen run qwen3:0.6b "Why is the sky blue?"
  $ anyqwen chat qwen3:0.6b`,
  );

async function main(argv: readonly string[]): Promise<void> {
  endWithReader();
  const words = argv.slice(2).filter((word) => !word.startsWith("-"));
  const called = words[0] === "help" ? words[1] : words[0];
  for (const [name, [summary, load]] of Object.entries(commands)) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary[0].toUpperCase()}${summary.slice(1)}.`);
    command.showHelpAfterError(`(anyqwen ${name} --help shows how it is called)`).exitOverride();
    if (name === called) (await load()).define(command);
  }
  program.exitOverride();
  if (argv.length <= 2) program.help({ error: true });
  await program.parseAsync(argv as string[]);
}

try {
  await main(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = reportError(error);
  else process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
}
