// The files of docs/browser.md: its code blocks that name one, and the model and answer that they are tested with.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as api from "../../src/api.ts";

export const guideModel = fileURLToPath(new URL("../fixtures/gguf/qwen2_tied-q8_0.gguf", import.meta.url));

/** Writes the named files below `folder`; later ones replace earlier ones of their name, so "" and "vite" make one page. */
export function writeGuide(folder: string, ...parts: readonly string[]): void {
  const guide = readFileSync(new URL("../../docs/browser.md", import.meta.url), "utf8");
  const files = [...guide.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)];
  for (const part of parts) {
    const own = files.filter(([, file]) => dirname(file) === (part || "."));
    if (own.length === 0) throw new Error(`docs/browser.md has no files of ${JSON.stringify(part)}`);
    for (const [, file, code] of own) {
      const path = join(folder, file.slice(part ? part.length + 1 : 0));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, code);
    }
  }
}

/** What the guide's pages should answer: the same request on this runtime. */
export async function guideAnswer({ load }: Pick<typeof api, "load">): Promise<{ text: string; tokens: number }> {
  await using qwen = await load(guideModel, { inProcess: true, threads: 1 });
  let text = "";
  const options = { temperature: 0, maxTokens: 64 };
  for await (const part of qwen.chat([{ role: "user", content: "Hello!" }], options)) {
    if (part.type === "text") text += part.text;
    if (part.type === "end") return { text, tokens: part.tokens.length };
  }
  throw new Error("no end");
}
