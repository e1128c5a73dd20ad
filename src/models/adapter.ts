// An adapter's files, opened and held against the model that it is to change: which linear layer each pair of matrices belongs to,
// and whether it fits. An adapter of another base is told by its layers and their sizes.

import type { FileSet } from "../core/bytes.ts";
import type { AdapterWeights, LowRank } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Weight } from "../core/trace.ts";
import { type Adapter, moduleScale, moduleShape } from "../formats/adapter.ts";
import { readPeftAdapter } from "../formats/peft-adapter.ts";
import { readGgufAdapter } from "./gguf-adapter.ts";
import type { Model } from "./open.ts";

/** A folder as PEFT saves it, or a GGUF adapter of llama.cpp. */
export async function readAdapter(files: FileSet): Promise<Adapter> {
  const gguf = files.files.some((file) => file.endsWith(".gguf")) && !files.files.includes("adapter_config.json");
  return gguf ? readGgufAdapter(files) : readPeftAdapter(files);
}

/** What the adapter adds to each linear layer, by the layer's weight; fails if it was made for another base. `name` is for errors. */
export function bindAdapter(model: Model, adapter: Adapter, name: string): AdapterWeights {
  const base = model.checkpoint.name;
  const { name: madeFor, architecture } = adapter.madeFor ?? {};
  const another = `the adapter was made for another base${madeFor === undefined ? "" : ` (${madeFor})`}`;
  if (architecture !== undefined && architecture !== model.family.ggufArchitecture) {
    throw new AnyqwenError(
      "invalid-argument",
      `adapter ${name}: it was made for ${architecture}, ${base} is ${model.family.ggufArchitecture}`,
    );
  }
  const layers = linearWeights(model);
  const bound = new Map<string, LowRank>();
  for (const [module, matrices] of adapter.modules) {
    const weight = layers.get(module);
    if (!weight) throw notThere(model, module, name, another);
    const { rank, in: in_, out } = moduleShape(adapter, matrices);
    const [rows, columns] = weight.shape;
    if (in_ !== columns || out !== rows) {
      throw new AnyqwenError(
        "invalid-argument",
        `adapter ${name}: ${module} goes from ${in_} to ${out}, that of ${base} from ${columns} to ${rows}; ${another}`,
      );
    }
    bound.set(weight.name, { a: matrices.a, b: matrices.b, rank, scale: moduleScale(adapter, matrices) });
  }
  return bound;
}

/** Weights of linear layers by module. A head that is tied to the embeddings is the module "lm_head" all the same. */
function linearWeights(model: Model): Map<string, Weight> {
  const layers = new Map<string, Weight>();
  for (const op of model.trace().ops) {
    if (op.kind !== "linear") continue;
    const module = op.weight.name.replace(/\.weight$/, "");
    layers.set(module === "model.embed_tokens" ? "lm_head" : module, op.weight);
  }
  return layers;
}

function notThere({ checkpoint, config }: Model, module: string, name: string, another: string): AnyqwenError {
  if (config.experts && /\.mlp\.experts\./.test(module)) {
    return new AnyqwenError("unsupported", `adapter ${name}: ${module}: adapters of routed experts are not supported`);
  }
  if (module === "model.embed_tokens") {
    return new AnyqwenError(
      "unsupported",
      `adapter ${name}: ${module}: an adapter of the embedding table is not supported`,
    );
  }
  return new AnyqwenError(
    "invalid-argument",
    `adapter ${name}: ${checkpoint.name} has no linear layer ${module}; ${another}`,
  );
}
