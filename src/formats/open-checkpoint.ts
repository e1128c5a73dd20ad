// Opens whatever holds a model: the one place that chooses between the file formats.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { openGguf } from "./gguf.ts";
import { openSafetensors } from "./safetensors.ts";

/** A directory with safetensors and a stray GGUF is read as safetensors, if it has the config that these need. */
export async function openCheckpoint(files: FileSet): Promise<Checkpoint> {
  const hasSafetensors = files.files.some((file) => file.endsWith(".safetensors"));
  const hasGguf = files.files.some((file) => file.endsWith(".gguf"));
  if (hasSafetensors && (files.files.includes("config.json") || !hasGguf)) return openSafetensors(files);
  if (hasGguf) return openGguf(files);
  const pickled = files.files.some((file) => /\.(bin|pt|pth)$/.test(file));
  const advice = pickled
    ? "PyTorch .bin files are not read; download the safetensors version"
    : "expected .gguf or .safetensors";
  throw new AnyqwenError("not-found", `${files.name}: there is no model here; ${advice}`);
}
