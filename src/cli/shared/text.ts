// MODEL to its tokenizer or its rendered template, without its weights: a directory, a GGUF, a tokenizer.json, a .jinja file.

import type { TemplateOptions } from "../../api.ts";
import type { FileSet } from "../../core/bytes.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { openGguf } from "../../formats/gguf.ts";
import { resolveModel } from "../../hub/hub.ts";
import { loadTokenizer } from "../../text/load-tokenizer.ts";
import type { Tokenizer } from "../../text/tokenizer.ts";

interface Where {
  readonly offline?: boolean;
}

export async function openTokenizerOf(model: string, { offline }: Where): Promise<Tokenizer> {
  const { files } = await resolveModel(model, { offline });
  const tokenizer = await withGguf(files, (checkpoint) => loadTokenizer({ files, checkpoint }));
  if (tokenizer) return tokenizer;
  throw new AnyqwenError(
    "not-found",
    `${model}: has no tokenizer; name a tokenizer.json, or the model that it belongs to`,
  );
}

/** GGUF files hold tokenizer and template in their metadata; only that is read. */
async function withGguf<T>(
  files: FileSet,
  use: (checkpoint: Awaited<ReturnType<typeof openGguf>> | undefined) => Promise<T>,
): Promise<T> {
  const gguf = files.files.some((file) => file.endsWith(".gguf"));
  if (!gguf || files.files.includes("tokenizer.json")) return use(undefined);
  const checkpoint = await openGguf(files);
  try {
    return await use(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

export async function renderTemplateOf(_model: string, _where: Where, _options: TemplateOptions): Promise<string> {
  throw new AnyqwenError("unsupported", "templates");
}
