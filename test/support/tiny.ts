// A checkpoint of random weights as a chat model: with a template of choice, and with room for tools and schemas in its prompt.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultTemplate } from "../../src/text/chat-template.ts";

const checkpoint = fileURLToPath(new URL("../fixtures/models/qwen3_tied", import.meta.url));

/** Calls `use` with its folder, which is gone afterwards: an opened model has read all of it. `family` as in `defaultTemplate`. */
export async function withTinyModel<T>(family: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "anyqwen-tiny-"));
  try {
    await cp(checkpoint, folder, { recursive: true });
    const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, max_position_embeddings: 8192 }));
    await writeFile(join(folder, "chat_template.jinja"), defaultTemplate(family) ?? "");
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
