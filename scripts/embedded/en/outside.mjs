// What is none of the model's business: by kinds, so that no kind is more frequent for having more phrasings.

import { everyday } from "./outside/everyday.mjs";
import { knowledge } from "./outside/knowledge.mjs";
import { writing } from "./outside/writing.mjs";

export const outside = {
  train: { ...knowledge, ...writing, ...everyday },
  reply:
    "That is beyond me: I am a small model for glasses and the dashboard. For a real Qwen, run: anyqwen pull qwen3:0.6b",
};
