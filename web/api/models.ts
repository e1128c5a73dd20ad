// The server's models: what is here, what could be, downloads, and which one is served. Only some servers let a page do this.

import { readEvents } from "./event-stream.ts";
import { BrokenStream } from "./problem.ts";
import { errorOf, headersWith } from "./server.ts";

export interface PulledModel {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly fits: boolean;
  readonly serving: boolean;
}

export interface CatalogueModel {
  readonly name: string;
  readonly about_bytes: number;
  readonly fits: boolean;
  readonly pulled: boolean;
}

export interface Pull {
  readonly model: string;
  readonly state: "waiting" | "downloading" | "done" | "failed" | "cancelled";
  readonly bytes: number;
  readonly total_bytes: number;
  readonly message?: string;
}

/** What changes while the page looks. */
export interface ModelsState {
  readonly serving: string;
  readonly loading: { readonly model: string; readonly bytes: number; readonly total_bytes: number } | null;
  readonly pulls: readonly Pull[];
}

export interface ModelList extends ModelsState {
  readonly pulled: readonly PulledModel[];
  readonly catalogue: readonly CatalogueModel[];
}

export async function fetchModels(apiKey: string): Promise<ModelList> {
  const response = await fetch("/api/models", { headers: headersWith(apiKey) });
  if (!response.ok) throw await errorOf(response);
  return response.json();
}

export async function changeModels(what: "pull" | "cancel" | "serve", model: string, apiKey: string): Promise<void> {
  const response = await fetch(`/api/models/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headersWith(apiKey) },
    body: JSON.stringify({ model }),
  });
  if (!response.ok) throw await errorOf(response);
}

/** The state now, and again at every change, until `signal` is aborted. */
export async function* watchModels(apiKey: string, signal: AbortSignal): AsyncGenerator<ModelsState, void> {
  const response = await fetch("/api/models/events", { headers: headersWith(apiKey), signal });
  const reader = await readEvents(response);
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new BrokenStream();
    if (value.event === "models") yield JSON.parse(value.data);
  }
}
