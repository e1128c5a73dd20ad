// anyqwen embed MODEL TEXT…: texts to vectors of length 1, so that a dot product is the cosine similarity.

import type { Command } from "commander";
import { AnyqwenError } from "../core/errors.ts";
import { bytesOfArray, safetensorsPieces } from "../formats/safetensors-file.ts";
import { type CommandModule, examples, integer } from "./shared/command.ts";
import { interruptSignal, UsageError } from "./shared/exit.ts";
import { checkOutput, writeAtomically } from "./shared/files.ts";
import { idsField, jsonLines, stringField, textsOf } from "./shared/input.ts";
import { inBatches, loadOptions, type ModelFlags, modelOptions, withModel } from "./shared/model.ts";
import { print, printJson, table } from "./shared/output.ts";

interface EmbedFlags extends ModelFlags {
  readonly input?: string;
  readonly dimensions?: number;
  readonly instruction?: string;
  readonly similarity?: true;
  readonly out?: string;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "an embedding model")
    .argument("[texts...]", "texts; read from stdin, one a line, when there are none")
    .option("-i, --input <file>", 'texts from a file, one a line; .jsonl: "text" or "ids" of each line')
    .option("-d, --dimensions <n>", "keep the first n dimensions (default: all)", integer(1))
    .option("--instruction <text>", "what the texts are queries for; documents take none")
    .option("--similarity", "print how similar the texts are instead of the vectors")
    .option("-o, --out <file>", "write safetensors: embeddings [N, D]");
  modelOptions(command).option("--json", 'print lines of JSON: {"text", "embedding"}');
  examples(
    command,
    ["How close are three texts?", 'embed qwen3-embedding:0.6b --similarity "a cat" "a kitten" "a bond market"'],
    ["Vectors for an index", "embed qwen3-embedding:0.6b --input documents.jsonl --dimensions 256 --json"],
  );
  command.action(async (model: string, given: string[], flags: EmbedFlags) => {
    const inputs = await inputsOf(given, flags.input);
    if (flags.out !== undefined) await checkOutput(flags.out);
    if (flags.instruction !== undefined && inputs.some((input) => typeof input !== "string")) {
      throw new UsageError("--instruction goes before texts, and the input holds token ids; leave one of them out");
    }
    const labels = inputs.map((input) => (typeof input === "string" ? input : `ids ${input.join(" ")}`));
    const signal = interruptSignal();
    const options = { ...loadOptions(flags), outputs: "embedding", signal } as const;
    const { dimensions, instruction } = flags;
    const vectors = await withModel(model, options, (qwen) =>
      inBatches(inputs, "embedding", (some) => qwen.embed(some, { dimensions, instruction, signal })),
    );
    if (flags.out !== undefined) await writeVectors(flags.out, vectors);
    if (flags.similarity) printSimilarity(labels, vectors, flags.json === true);
    else if (flags.json) printVectors(inputs, vectors);
    else if (flags.out === undefined) for (const vector of vectors) printJson(vector);
  });
};

/** Texts, or token ids where a .jsonl file has them: they are taken as they are. */
async function inputsOf(given: readonly string[], input: string | undefined): Promise<(string | number[])[]> {
  if (given.length > 0 || !input?.endsWith(".jsonl")) return textsOf(given, input);
  const inputs: (string | number[])[] = [];
  for await (const line of jsonLines(input)) {
    inputs.push(line.value.ids === undefined ? stringField(line, "text") : idsField(line, "ids"));
  }
  if (inputs.length > 0) return inputs;
  throw new AnyqwenError("invalid-argument", `${input}: there is no text in it`);
}

function printVectors(inputs: readonly (string | number[])[], vectors: readonly Float32Array[]): void {
  for (const [i, input] of inputs.entries()) {
    const what = typeof input === "string" ? { text: input } : { ids: input };
    printJson({ ...what, embedding: vectors[i] });
  }
}

async function writeVectors(path: string, vectors: readonly Float32Array[]): Promise<void> {
  const width = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * width);
  for (const [i, vector] of vectors.entries()) all.set(vector, i * width);
  const tensor = { dtype: "F32", shape: [vectors.length, width], data: bytesOfArray(all) } as const;
  await writeAtomically(path, safetensorsPieces(new Map([["embeddings", tensor]])));
}

function printSimilarity(texts: readonly string[], vectors: readonly Float32Array[], json: boolean): void {
  const similarity = vectors.map((a) => vectors.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)));
  if (json) {
    printJson({ texts, similarity });
    return;
  }
  const columns = texts.map((_, i) => ({ title: String(i + 1), align: "right" as const }));
  const rows = texts.map((text, i) => [
    `${i + 1} ${text.length > 40 ? `${text.slice(0, 39)}…` : text}`,
    ...similarity[i].map((value) => value.toFixed(3)),
  ]);
  print(table([{ title: "" }, ...columns], rows));
}
