// MODEL to its tokenizer or its rendered template, without its weights: a directory, a GGUF, a tokenizer.json, a .jinja file.

import type { FileSet } from "../../core/bytes.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { openGguf } from "../../formats/gguf.ts";
import { readJson } from "../../formats/sources.ts";
import { resolveModel } from "../../hub/hub.ts";
import { type ChatTemplate, loadChatTemplate } from "../../text/chat-template.ts";
import { loadTokenizer } from "../../text/load-tokenizer.ts";
import type { TemplateInput } from "../../text/render-template.ts";
import { TemplateRunner } from "../../text/template-runner.ts";
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

/** The prompt that the model's own chat template, or its family's, makes of a conversation. */
export async function renderTemplateOf(model: string, { offline }: Where, input: TemplateInput): Promise<string> {
  const { files } = await resolveModel(model, { offline });
  const template =
    (await withGguf(files, (checkpoint) => loadChatTemplate({ files, checkpoint }))) ?? (await byFamily(files));
  if (!template) {
    throw new AnyqwenError("not-found", `${model}: has no chat template; name a .jinja file, or another model`);
  }
  const source = input.tools?.length ? (template.toolSource ?? template.source) : template.source;
  const runner = new TemplateRunner();
  try {
    const { text } = await runner.render(source, {
      ...input,
      variables: { ...template.variables, ...input.variables },
    });
    return text;
  } finally {
    runner.close();
  }
}

/** A checkpoint without a template: what it says it is decides. */
async function byFamily(files: FileSet): Promise<ChatTemplate | undefined> {
  if (!files.files.includes("config.json")) return undefined;
  const json = new Map([["config.json", await readJson(files, "config.json")]]);
  return loadChatTemplate({ checkpoint: { name: files.name, metadata: new Map(), json } });
}
