// POST /v1/embeddings and /v1/rerank. Vectors are the last token's, normalised, of whatever model is loaded; the base64 form is what
// OpenAI's own client asks for unless told otherwise.

import { z } from "@hono/zod-openapi";
import type { Caller, Service } from "./service.ts";

const ids = z.array(z.number().int().min(0)).min(1);

export const embeddingRequest = z
  .object({
    model: z.string().optional(),
    input: z.union([z.string(), z.array(z.string()).min(1).max(2048), ids, z.array(ids).min(1).max(2048)]),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    dimensions: z.number().int().min(1).nullish(),
    instruction: z.string().nullish().openapi({ description: "what the inputs are queries for; documents take none" }),
    user: z.string().nullish(),
  })
  .openapi("EmbeddingRequest");

export const rerankRequest = z
  .object({
    model: z.string().optional(),
    query: z.string().min(1),
    documents: z
      .array(z.union([z.string(), z.object({ text: z.string() })]))
      .min(1)
      .max(1024),
    top_n: z.number().int().min(1).nullish(),
    return_documents: z.boolean().nullish(),
    instruction: z.string().nullish(),
  })
  .openapi("RerankRequest");

type EmbeddingRequest = z.infer<typeof embeddingRequest>;
type RerankRequest = z.infer<typeof rerankRequest>;

export async function embeddings(service: Service, request: EmbeddingRequest, caller: Caller) {
  const { qwen } = service;
  const { input } = request;
  const texts: (string | number[])[] =
    typeof input === "string"
      ? [input]
      : typeof input[0] === "number"
        ? [input as number[]]
        : (input as (string | number[])[]);
  const { dimensions, instruction } = request;
  const vectors = await service.once(caller, (signal) =>
    qwen.embed(texts, {
      signal,
      ...service.withAdapter,
      ...(dimensions != null && { dimensions }),
      ...(instruction != null && { instruction }),
    }),
  );
  const counts = await Promise.all(
    texts.map(async (text) => (typeof text === "string" ? (await qwen.tokenize(text)).length : text.length)),
  );
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  return {
    object: "list" as const,
    model: service.name,
    data: vectors.map((vector, index) => ({
      object: "embedding" as const,
      index,
      embedding: request.encoding_format === "base64" ? base64(vector) : [...vector],
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

export async function rerank(service: Service, request: RerankRequest, caller: Caller) {
  const documents = request.documents.map((document) => (typeof document === "string" ? document : document.text));
  const { instruction } = request;
  const { qwen } = service;
  const ranks = await service.once(caller, (signal) =>
    qwen.rerank(request.query, documents, {
      signal,
      ...service.withAdapter,
      ...(instruction != null && { instruction }),
    }),
  );
  return {
    id: `rerank-${crypto.randomUUID()}`,
    model: service.name,
    results: ranks.slice(0, request.top_n ?? ranks.length).map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(request.return_documents && { document: { text: documents[index] } }),
    })),
  };
}

/** Little-endian f32, as OpenAI's client reads it. */
function base64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * vector.length));
  for (const [i, value] of vector.entries()) view.setFloat32(4 * i, value, true);
  let text = "";
  for (const byte of new Uint8Array(view.buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}
