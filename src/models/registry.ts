// The families that anyqwen runs, and which of them a checkpoint belongs to.

import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import type { Family } from "./family.ts";
import { show } from "./fields.ts";
import { qwen2 } from "./qwen2.ts";
import { qwen2Moe } from "./qwen2_moe.ts";
import { qwen3 } from "./qwen3.ts";
import { qwen35 } from "./qwen3_5.ts";
import { qwen35Moe } from "./qwen3_5_moe.ts";
import { qwen3Moe } from "./qwen3_moe.ts";
import { qwen3Next } from "./qwen3_next.ts";

const families: readonly Family[] = [qwen2, qwen2Moe, qwen3, qwen3Moe, qwen3Next, qwen35, qwen35Moe];

/** The family that the checkpoint names; fails with the list of supported ones. */
export function familyOf(checkpoint: Checkpoint): Family {
  const gguf = checkpoint.format === "gguf";
  const [key, found] = gguf
    ? ["general.architecture", checkpoint.metadata.get("general.architecture")]
    : ["model_type in config.json", modelType(checkpoint)];
  const nameOf = (family: Family) => (gguf ? family.ggufArchitecture : family.modelType);
  const family = families.find(
    (candidate) => nameOf(candidate) === found || (!gguf && candidate.textModelType === found && found !== undefined),
  );
  if (family) return family;
  const supported = families.map(nameOf).join(", ");
  if (found === undefined)
    throw new AnyqwenError("format", `${checkpoint.name}: no ${key}; expected one of ${supported}`);
  throw new AnyqwenError("unsupported", `${checkpoint.name}: ${key} is ${show(found)}; supported are ${supported}`);
}

function modelType(checkpoint: Checkpoint): unknown {
  const config = checkpoint.json.get("config.json");
  if (config === undefined) {
    throw new AnyqwenError(
      "not-found",
      `${checkpoint.name}: no config.json; a safetensors model needs it beside its weights`,
    );
  }
  return config !== null && typeof config === "object" ? (config as Record<string, unknown>).model_type : undefined;
}
