// The reference device: every op in plain TypeScript, f32 values with float64 sums. Its results define what other devices compute.

import type { Device } from "../../core/device.ts";
import { ReferenceExecutor } from "./executor.ts";
import { type Dequantise, loadWeights } from "./weights.ts";

export function referenceDevice(dequantise: Dequantise): Device {
  return {
    name: "reference",
    async load(trace, weights, options) {
      return new ReferenceExecutor(trace, await loadWeights(weights, dequantise, options), options);
    },
  };
}
