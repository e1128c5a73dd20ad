// The server's routes as the page uses them, all of its own origin.

import { ServerError } from "./problem.ts";

export interface Model {
  readonly id: string;
  readonly contextLength?: number;
}

export interface Health {
  readonly status: "ok" | "stopping";
  readonly active: number;
  readonly waiting: number;
  readonly slots: number;
  readonly memoryBytes?: number;
  /** Its models can be changed from here. */
  readonly modelsApi: boolean;
}

export function headersWith(apiKey: string): Record<string, string> {
  return apiKey === "" ? {} : { Authorization: `Bearer ${apiKey}` };
}

export async function fetchModel(apiKey: string): Promise<Model> {
  const response = await fetch("/v1/models", { headers: headersWith(apiKey) });
  if (!response.ok) throw await errorOf(response);
  const { data }: { data: readonly { id: string; context_length?: number }[] } = await response.json();
  const [model] = data;
  return { id: model.id, contextLength: model.context_length };
}

/** Also answered by a server that is about to stop, with 503. */
export async function fetchHealth(apiKey: string): Promise<Health> {
  const response = await fetch("/health", { headers: headersWith(apiKey) });
  if (!response.ok && response.status !== 503) throw await errorOf(response);
  const { memory_bytes, models_api, ...rest } = await response.json();
  return { ...rest, memoryBytes: memory_bytes, modelsApi: models_api === true };
}

/** An error body of OpenAI's form; anything else says its status. */
export async function errorOf(response: Response): Promise<ServerError> {
  const { error }: ErrorBody = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ServerError(
    response.status,
    error?.message ?? `HTTP ${response.status} ${response.statusText}`,
    error?.code ?? undefined,
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}

export interface ErrorBody {
  readonly error?: { readonly message?: string; readonly code?: string | null };
}
