// Qwen3-Reranker's way of asking: the model judges one document at a time and answers yes or no; the score is how much more
// likely yes is. Source: the model card of Qwen3-Reranker.

import { AnyqwenError } from "../core/errors.ts";
import type { TextSide } from "./text-side.ts";

const INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query";

const HEAD =
  "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. " +
  'Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n';
const TAIL = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";

export interface RerankPrompts {
  readonly prompts: readonly (readonly number[])[];
  readonly yes: number;
  readonly no: number;
}

/** The frame's special tokens are parsed; those that query or document spell are not. */
export function rerankPrompts(
  text: TextSide,
  query: string,
  documents: readonly string[],
  instruction = INSTRUCTION,
): RerankPrompts {
  const [head, tail] = [text.encode(HEAD, "all"), text.encode(TAIL, "all")];
  const asked = `<Instruct>: ${instruction}\n<Query>: ${query}\n<Document>: `;
  const single = (word: string) => {
    const ids = text.encode(word, "none");
    if (ids.length === 1) return ids[0];
    throw new AnyqwenError(
      "unsupported",
      `rerank: "${word}" is ${ids.length} tokens here; this is no reranker of Qwen's`,
    );
  };
  return {
    prompts: documents.map((document) => [...head, ...text.encode(asked + document, "none"), ...tail]),
    yes: single("yes"),
    no: single("no"),
  };
}
