// anyqwen rerank MODEL QUERY DOCUMENT…: documents by how probably they answer the query, the best first.

import type { Command } from "commander";
import { type CommandModule, examples, integer } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { textsOf } from "./shared/input.ts";
import { inBatches, loadOptions, type ModelFlags, modelOptions, withModel } from "./shared/model.ts";
import { print, printJson, table } from "./shared/output.ts";

interface RerankFlags extends ModelFlags {
  readonly input?: string;
  readonly instruction?: string;
  readonly top?: number;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "a reranker model")
    .argument("<query>", "what is looked for")
    .argument("[documents...]", "documents; read from stdin, one a line, when there are none")
    .option("-i, --input <file>", 'documents from a file, one a line; .jsonl: the field "text" of each line')
    .option("--instruction <text>", "what counts as an answer (default: the model's own wording)")
    .option("--top <n>", "print only the n best", integer(1));
  modelOptions(command).option("--json", 'print lines of JSON: {"index", "score", "text"}');
  examples(
    command,
    ["Which one answers?", 'rerank qwen3-reranker:0.6b "capital of France" "Paris is." "Rome is old."'],
    ["The best ten of a file", 'rerank qwen3-reranker:0.6b "how to resume" -i passages.jsonl --top 10 --json'],
  );
  command.action(async (model: string, query: string, given: string[], flags: RerankFlags) => {
    const documents = await textsOf(given, flags.input);
    const signal = interruptSignal();
    const options = { ...loadOptions(flags), outputs: "logits", signal } as const;
    const { instruction } = flags;
    const results = await withModel(model, options, (qwen) =>
      inBatches(documents, "reranking", async (some, first) => {
        const part = await qwen.rerank(query, some, { instruction, signal });
        return part.map(({ index, score }) => ({ index: first + index, score }));
      }),
    );
    const best = [...results].sort((a, b) => b.score - a.score || a.index - b.index).slice(0, flags.top);
    if (flags.json) {
      for (const { index, score } of best) printJson({ index, score, text: documents[index] });
      return;
    }
    const rows = best.map(({ index, score }) => [score.toFixed(4), String(index + 1), documents[index].slice(0, 100)]);
    print(table([{ title: "SCORE", align: "right" }, { title: "#", align: "right" }, { title: "DOCUMENT" }], rows));
  });
};
