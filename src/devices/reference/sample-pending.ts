// Greedy choice, standing in until sampling is there.

import type { Sampled, SampleRequest } from "../../core/device.ts";

export function sampleRow(logits: Float32Array, _request: SampleRequest): Sampled {
  return { id: logits.reduce((best, logit, id) => (logit > logits[best] ? id : best), 0) };
}
