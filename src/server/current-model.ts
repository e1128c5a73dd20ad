// Which model the server has now. Each request takes from it, once, the service of the model that it names, and is answered by that one
// even if another takes its place meanwhile.

import { ApiError } from "./errors.ts";
import type { ServedModel } from "./served-model.ts";
import { Service, type ServiceOptions } from "./service.ts";

type Shared = Omit<ServiceOptions, "served" | "adapter">;

export class CurrentModel {
  /** None while one makes room for the next. */
  #model: ServedModel | undefined;
  #name: string;
  readonly shared: Shared;

  constructor(model: ServedModel, shared: Shared) {
    this.#model = model;
    this.#name = model.name;
    this.shared = shared;
  }

  /** Fails with 503 while another model is being loaded in the place of the last one. */
  get model(): ServedModel {
    if (this.#model) return this.#model;
    throw new ApiError(503, "server_error", "another model is being loaded", { code: "loading", retryAfter: 5 });
  }
  /** Of the model that is served, or was last. */
  get name(): string {
    return this.#name;
  }

  serves(path: string): boolean {
    return this.#model !== undefined && [this.#model.source, this.#model.qwen.info.name].includes(path);
  }

  /** What comes from now on is answered by `model`, what came before by the one it came for. */
  serve(model: ServedModel | undefined): void {
    this.#model = model;
    if (model) this.#name = model.name;
  }

  /** What clients can ask for: the model, and the model with each of its adapters, "base+adapter". */
  get models(): readonly Service[] {
    return [this.#with(undefined), ...this.model.qwen.info.adapters.map((adapter) => this.#with(adapter))];
  }

  /** What a request names. The model itself answers to its name and to "default". */
  named(name = "default"): Service {
    const base = this.#with(undefined);
    if (name === "default" || name === base.name) return base;
    const { models } = this;
    const wanted = name.replace(/^default(?=\+)/, () => base.name);
    const found = models.find((model) => model.name === wanted);
    if (found) return found;
    throw new ApiError(
      404,
      "not_found_error",
      `there is no model ${JSON.stringify(name)}; this server has ${models.map((model) => model.name).join(", ")}`,
      { param: "model", code: "model_not_found" },
    );
  }

  #with(adapter: string | undefined): Service {
    return new Service({ ...this.shared, served: this.model, adapter });
  }
}
