// A low-rank adapter (LoRA) as everything above the file formats knows it: for each adapted linear layer two small matrices whose
// product is added to the layer's weight. Source: Hu et al. 2021 (arXiv 2106.09685), section 4.1; rsLoRA: Kalajdzievski 2023
// (arXiv 2312.03732), section 4.

/** W + scale * B A, for a weight W [out, in]. */
export interface AdapterModule {
  /** [rank, in] row-major. */
  readonly a: Float32Array;
  /** [out, rank] row-major. */
  readonly b: Float32Array;
  /** Where the layer's rank or alpha is not the adapter's. */
  readonly rank?: number;
  readonly alpha?: number;
}

export interface Adapter {
  /** By Hugging Face's module name: "model.layers.0.self_attn.q_proj". */
  readonly modules: ReadonlyMap<string, AdapterModule>;
  readonly rank: number;
  readonly alpha: number;
  /** The scale is alpha / sqrt(rank) in place of alpha / rank. */
  readonly rslora: boolean;
  /** What its file says of the model that it was made for. */
  readonly madeFor?: { readonly name?: string; readonly architecture?: string };
}

export interface ModuleShape {
  readonly rank: number;
  readonly in: number;
  readonly out: number;
}

/** The sizes of a module's matrices; whole numbers, since readers check them. */
export function moduleShape({ rank }: Pick<Adapter, "rank">, module: AdapterModule): ModuleShape {
  const own = module.rank ?? rank;
  return { rank: own, in: module.a.length / own, out: module.b.length / own };
}

/** What a module's product is multiplied by. */
export function moduleScale(adapter: Pick<Adapter, "rank" | "alpha" | "rslora">, module: AdapterModule): number {
  const rank = module.rank ?? adapter.rank;
  return (module.alpha ?? adapter.alpha) / (adapter.rslora ? Math.sqrt(rank) : rank);
}
