// `anyqwen/ai-sdk`: Qwen as a provider of the AI SDK (version 6), in this process and without a server. The SDK itself is not needed to
// load this file; only its types are.

import type { EmbeddingModelV3, LanguageModelV3, ProviderV3, RerankingModelV3 } from "@ai-sdk/provider";
import { AnyqwenError, type LoadOptions } from "../api.ts";
import { AnyqwenLanguageModel } from "./language-model.ts";
import { type ModelReference, Models } from "./models.ts";
import { AnyqwenEmbeddingModel, AnyqwenRerankingModel } from "./vectors.ts";

/**
 * Models by what `load` of the main entry takes as a text ("qwen3:0.6b", "org/name", a path, an address), or as a Qwen that was loaded
 * already. A named model is loaded when its first request comes, once, and stays until it is closed.
 */
export interface AnyqwenProvider extends ProviderV3, AsyncDisposable {
  (model: ModelReference): LanguageModelV3;
  languageModel(model: ModelReference): LanguageModelV3;
  embeddingModel(model: ModelReference): EmbeddingModelV3;
  textEmbeddingModel(model: ModelReference): EmbeddingModelV3;
  rerankingModel(model: ModelReference): RerankingModelV3;
  /** Fails with "unsupported": there are none. */
  imageModel(model: string): never;
  /** Gives back one model, or all that this provider has loaded. Requests under way fail; the next one loads again. */
  close(model?: string): Promise<void>;
}

/** A provider whose models are loaded with these options. */
export function createAnyqwen(options: LoadOptions = {}): AnyqwenProvider {
  const models = new Models(options);
  const languageModel = (model: ModelReference) => new AnyqwenLanguageModel(models, model);
  const embeddingModel = (model: ModelReference) => new AnyqwenEmbeddingModel(models, model);
  const close = (model?: string) => models.close(model);
  return Object.assign((model: ModelReference) => languageModel(model), {
    specificationVersion: "v3" as const,
    languageModel,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    rerankingModel: (model: ModelReference) => new AnyqwenRerankingModel(models, model),
    imageModel: (model: string): never => {
      throw new AnyqwenError("unsupported", `${model}: anyqwen has no image models`);
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  });
}

/** A provider with the defaults of `load`. */
export const anyqwen: AnyqwenProvider = createAnyqwen();

export type { ModelReference } from "./models.ts";
export type { AnyqwenEmbeddingOptions, AnyqwenLanguageOptions, AnyqwenRerankingOptions } from "./settings.ts";
