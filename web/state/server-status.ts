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

export function watchServer(): void {
  const ask = () => {
    if (!document.hidden) void refresh();
  };
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  let { apiKey } = settings.get();
  settings.subscribe(() => {
    if (settings.get().apiKey !== apiKey) ask();
    apiKey = settings.get().apiKey;
  });
  ask();
}

async function refresh(): Promise<void> {
  const { model, problem } = serverStatus.get();
  try {
    const health = await fetchHealth(settings.get().apiKey);
    // one that was away may have come back with another model, or with another key
    const known = model && !problem ? model : await fetchModel(settings.get().apiKey);
    serverStatus.set({ health, model: known });
  } catch (error) {
    serverStatus.set({ model, problem: problemOf(error) });
  }
}
