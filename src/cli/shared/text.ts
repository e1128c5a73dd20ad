// MODEL to its tokenizer or its rendered template, without its weights: a directory, a GGUF, a tokenizer.json, a .jinja file.

import type { TemplateOptions } from "../../api.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { readJson } from "../../formats/sources.ts";
import { resolveModel } from "../../hub/hub.ts";
import { createTokenizer, type Tokenizer } from "../../text/tokenizer.ts";
import { readTokenizerJson } from "../../text/tokenizer-json.ts";

interface Where {
  readonly offline?: boolean;
}

export async function openTokenizerOf(model: string, { offline }: Where): Promise<Tokenizer> {
  const { files } = await resolveModel(model, { offline });
  return createTokenizer(
    readTokenizerJson(
      await readJson(files, files.files.includes("tokenizer.json") ? "tokenizer.json" : files.files[0]),
      files.name,
    ),
  );
}

export async function renderTemplateOf(_model: string, _where: Where, _options: TemplateOptions): Promise<string> {
  throw new AnyqwenError("unsupported", "templates");
}
