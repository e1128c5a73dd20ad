// Whether a checkpoint has the block for predicting one token more (MTP), and if it cannot be used, why. Converters leave it out, or
// half of it; then the model runs as one without.

import { AnyqwenError } from "../core/errors.ts";
import type { Trace } from "../core/trace.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { bindWeights } from "./bind.ts";
import type { ModelConfig } from "./config.ts";
import { Fields } from "./fields.ts";

export interface MtpStatus {
  readonly usable: boolean;
  /** Why there is none, or why it cannot be used. */
  readonly problem?: string;
  /** The file holds something of it, or says that it does. */
  readonly announced: boolean;
}

/** Ids that drafts are chosen among, unless the caller says otherwise: the first of a vocabulary are the most frequent ones, and the
 *  head would be most of what a draft costs. */
export const DRAFT_VOCAB = 32_768;

/** `draft` writes the block's trace. */
export function mtpStatus(checkpoint: Checkpoint, config: ModelConfig, draft: () => Trace): MtpStatus {
  const none = (problem: string, announced: boolean) => ({
    usable: false,
    problem: `${checkpoint.name}: ${problem}`,
    announced,
  });
  const [said, own, dedicated] = announcement(checkpoint);
  const held = [...checkpoint.tensors.keys()].some((name) => own.test(name));
  if (!held && said === undefined) return none("it has no MTP layer", false);
  if (!held) return none(`${said}, but none of the MTP layer's tensors is there; the conversion left them out`, true);
  if (!config.delta)
    return none(`MTP layers are used of hybrids (Qwen3-Next, Qwen3.5 and later), not of ${config.modelType}`, true);
  if (dedicated) return none("its MTP layer has embeddings of its own, which are not supported", true);
  try {
    bindWeights(draft(), checkpoint, config);
    return { usable: true, announced: true };
  } catch (error) {
    if (!(error instanceof AnyqwenError)) throw error;
    return none(`its MTP layer cannot be used: ${error.message}`, true);
  }
}

/** What the metadata says of such layers, what their tensors are called, and whether they have embeddings of their own. */
function announcement({
  format,
  metadata,
  json,
}: Checkpoint): [said: string | undefined, own: RegExp, dedicated: boolean] {
  if (format === "gguf") {
    const key = `${metadata.get("general.architecture")}.nextn_predict_layers`;
    const count = Number(metadata.get(key) ?? 0);
    return [count > 0 ? `${key} is ${count}` : undefined, /^blk\.\d+\.nextn\./, false];
  }
  const config = json.get("config.json");
  const whole = Fields.of(config ?? {}, "config.json");
  const f = whole.object("text_config") ?? whole;
  const key = "mtp_num_hidden_layers";
  const count = f.count(key, 0, 0);
  return [
    count > 0 ? `config.json says "${key}": ${count}` : undefined,
    /^mtp\./,
    f.boolean("mtp_use_dedicated_embeddings", false),
  ];
}
