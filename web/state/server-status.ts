// Which model the server has and how it does, asked every few seconds while the page is seen.

import { type Problem, problemOf } from "../api/problem.ts";
import { fetchHealth, fetchModel, type Health, type Model } from "../api/server.ts";
import { settings } from "./settings.ts";
import { Store } from "./store.ts";

export interface ServerStatus {
  readonly model?: Model;
  /** None while it is not known yet. */
  readonly health?: Health;
  readonly problem?: Problem;
}

const EVERY_MS = 2500;

export const serverStatus = new Store<ServerStatus>({});

/** Asks now, and not only when it is time again. */
export function askServer(): void {
  if (!document.hidden) void refresh();
}

export function watchServer(): void {
  setInterval(askServer, EVERY_MS);
  document.addEventListener("visibilitychange", askServer);
  let { apiKey } = settings.get();
  settings.subscribe(() => {
    if (settings.get().apiKey !== apiKey) askServer();
    apiKey = settings.get().apiKey;
  });
  askServer();
}

async function refresh(): Promise<void> {
  const { model, problem } = serverStatus.get();
  try {
    const health = await fetchHealth(settings.get().apiKey);
    // one that was away may have come back with another model, or with another key; one that can change its model may have done so
    const known = model && !problem && !health.modelsApi ? model : await fetchModel(settings.get().apiKey);
    serverStatus.set({ health, model: known });
  } catch (error) {
    serverStatus.set({ model, problem: problemOf(error) });
  }
}
