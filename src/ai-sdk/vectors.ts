// Embedding and reranking models of the AI SDK (specification v3) that run in this process.

import type {
  EmbeddingModelV3,
  EmbeddingModelV3CallOptions,
  EmbeddingModelV3Result,
  RerankingModelV3,
  RerankingModelV3CallOptions,
  SharedV3Warning,
} from "@ai-sdk/provider";
import { ProvidedModel } from "./provided-model.ts";
import { embeddingOptionsOf, rerankingOptionsOf } from "./settings.ts";

/** The last token's vector, normalised. */
export class AnyqwenEmbeddingModel extends ProvidedModel implements EmbeddingModelV3 {
  /** As many as there are: the engine computes them in steps. */
  readonly maxEmbeddingsPerCall = undefined;
  readonly supportsParallelCalls = true;

  async doEmbed(call: EmbeddingModelV3CallOptions): Promise<EmbeddingModelV3Result> {
    const { values, abortSignal: signal } = call;
    const options = embeddingOptionsOf(call);
    const qwen = await this.qwen(signal);
    const [vectors, counts] = await orReason(
      signal,
      Promise.all([
        qwen.embed(values, { ...options, signal }),
        Promise.all(values.map(async (value) => (await qwen.tokenize(value, { signal })).length)),
      ]),
    );
    const tokens = counts.reduce((sum, count) => sum + count, 0);
    return { embeddings: vectors.map((vector) => [...vector]), usage: { tokens }, warnings: [] };
  }
}

/** The probability that a document answers the query (Qwen3-Reranker), best first. */
export class AnyqwenRerankingModel extends ProvidedModel implements RerankingModelV3 {
  async doRerank(call: RerankingModelV3CallOptions) {
    const { documents, query, topN, abortSignal: signal } = call;
    const warnings: SharedV3Warning[] = [];
    const isText = documents.type === "text";
    if (!isText) {
      const details = "the model reads text, so objects are given to it as JSON";
      warnings.push({ type: "compatibility", feature: "object documents", details });
    }
    const texts = isText ? documents.values : documents.values.map((value) => JSON.stringify(value));
    const options = rerankingOptionsOf(call);
    const qwen = await this.qwen(signal);
    const ranks = await orReason(signal, qwen.rerank(query, texts, { ...options, signal }));
    const ranking = ranks.slice(0, topN).map(({ index, score }) => ({ index, relevanceScore: score }));
    return { ranking, warnings, response: { modelId: this.modelId, timestamp: new Date() } };
  }
}

/** An aborted call fails with the signal's reason, as a fetch does. */
async function orReason<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
