// MODEL to an opened checkpoint, without loading it.

import type { Checkpoint } from "../../formats/checkpoint.ts";
import { openCheckpoint } from "../../formats/open-checkpoint.ts";
import { resolveModel } from "../../hub/hub.ts";

export async function withCheckpoint<T>(
  model: string,
  { offline, signal }: { readonly offline?: boolean; readonly signal?: AbortSignal },
  use: (checkpoint: Checkpoint) => Promise<T>,
): Promise<T> {
  const { files } = await resolveModel(model, { offline, signal });
  const checkpoint = await openCheckpoint(files);
  try {
    return await use(checkpoint);
  } finally {
    await checkpoint.close();
  }
}
