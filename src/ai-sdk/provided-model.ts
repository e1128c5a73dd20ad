// What all models of the provider share: what the SDK calls them, and the loaded model behind them.

import type { Qwen } from "../api.ts";
import type { ModelReference, Models } from "./models.ts";

export abstract class ProvidedModel {
  readonly specificationVersion = "v3";
  readonly provider = "anyqwen";
  readonly modelId: string;
  readonly #models: Models;
  readonly #model: ModelReference;

  constructor(models: Models, model: ModelReference) {
    this.modelId = typeof model === "string" ? model : model.info.name;
    this.#models = models;
    this.#model = model;
  }

  protected qwen(signal: AbortSignal | undefined): Promise<Qwen> {
    return this.#models.get(this.#model, signal);
  }
}
