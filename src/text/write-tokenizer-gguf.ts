// A tokenizer as GGUF's metadata, as llama.cpp's converter writes it: the reverse of tokenizer-gguf.ts.

import type { TypedGgufValue } from "../formats/gguf-write.ts";
import type { TokenizerDefinition } from "./definition.ts";
import { unpackString } from "./packed.ts";

const [normal, control, userDefined, unused] = [1, 3, 4, 5];

/** `vocabSize` is the number of rows of the embedding table: ids without a token get the name [PADn]. */
export function tokenizerMetadata(definition: TokenizerDefinition, vocabSize: number): Map<string, TypedGgufValue> {
  const count = Math.max(vocabSize, definition.tokens.starts.length);
  const tokens = new Array<string>(count);
  const types = new Int32Array(count);
  for (let id = 0; id < count; id++) {
    const spelling = id < definition.tokens.starts.length ? unpackString(definition.tokens, id) : "";
    tokens[id] = spelling === "" ? `[PAD${id}]` : spelling;
    types[id] = spelling === "" ? unused : normal;
  }
  for (const { id, content, special } of definition.added) {
    tokens[id] = content;
    types[id] = special || /^<\|.*\|>$/.test(content) ? control : userDefined;
  }
  const packed = definition.merges.packed();
  const merges = Array.from(
    { length: definition.merges.count },
    (_, rank) => `${unpackString(packed, 2 * rank)} ${unpackString(packed, 2 * rank + 1)}`,
  );
  return new Map<string, TypedGgufValue>([
    ["tokenizer.ggml.model", { type: "string", value: "gpt2" }],
    ["tokenizer.ggml.pre", { type: "string", value: definition.pretokeniser }],
    ["tokenizer.ggml.tokens", { type: { array: "string" }, value: tokens }],
    ["tokenizer.ggml.token_type", { type: { array: "i32" }, value: types }],
    ["tokenizer.ggml.merges", { type: { array: "string" }, value: merges }],
  ]);
}
