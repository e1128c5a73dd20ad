// The small model that ships in the package (assets/embedded): what "default" means where nothing is configured and nothing pulled.

import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { nodeFiles } from "../formats/node-files.ts";
import type { ResolvedModel } from "./types.ts";

const here = import.meta.url;
export const embeddedName = "anyqwen-embedded";

/** Undefined in a package that was made without it. */
export async function embeddedModel(): Promise<ResolvedModel | undefined> {
  // From the sources (tests) the package's folder lies one level higher than from the built files.
  const assets = new URL(here.endsWith(".ts") ? "../../assets/embedded/" : "../assets/embedded/", here);
  const path = fileURLToPath(new URL(`${embeddedName}.gguf`, assets));
  if (!(await stat(path).catch(() => undefined))?.isFile()) return undefined;
  return { name: embeddedName, path, files: await nodeFiles(path), quantisation: "Q8_0" };
}
