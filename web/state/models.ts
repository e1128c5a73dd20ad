// The models of the server as the picker shows them: asked for when it opens, followed while it is open.

import { changeModels, fetchModels, type ModelList, type ModelsState, watchModels } from "../api/models.ts";
import { type Problem, problemOf } from "../api/problem.ts";
import { askServer } from "./server-status.ts";
import { settings } from "./settings.ts";
import { Store } from "./store.ts";

export interface ModelsView {
  /** None while it is not known yet. */
  readonly list?: ModelList;
  readonly problem?: Problem;
}

export const models = new Store<ModelsView>({});

/** Follows the server's models until the function that comes back is called. */
export function followModels(): () => void {
  const leave = new AbortController();
  const { apiKey } = settings.get();
  const follow = async () => {
    models.set({ list: await fetchModels(apiKey) });
    for await (const state of watchModels(apiKey, leave.signal)) await take(state, apiKey);
  };
  follow().catch((error) => {
    if (!leave.signal.aborted) models.set({ ...models.get(), problem: problemOf(error) });
  });
  return () => leave.abort();
}

/** Between two states only sizes and phases differ, unless a download or a switch has ended: then the lists do too. */
async function take(state: ModelsState, apiKey: string): Promise<void> {
  const { list, problem } = models.get();
  if (!list) return;
  const ended = ({ pulls }: ModelsState) => pulls.filter((pull) => pull.state === "done").length;
  const same = state.serving === list.serving && ended(state) === ended(list);
  models.set({ list: same ? { ...list, ...state } : await fetchModels(apiKey), problem });
  if (!same) askServer();
}

export function pullModel(model: string): Promise<void> {
  return change("pull", model);
}

export function cancelPull(model: string): Promise<void> {
  return change("cancel", model);
}

export function serveModel(model: string): Promise<void> {
  return change("serve", model);
}

async function change(what: Parameters<typeof changeModels>[0], model: string): Promise<void> {
  models.set({ list: models.get().list });
  try {
    await changeModels(what, model, settings.get().apiKey);
  } catch (error) {
    models.set({ list: models.get().list, problem: problemOf(error) });
  }
}
