// The devices that the parity tests run on, each with what it promises.

import type { Device } from "../../src/core/device.ts";
import { referenceDevice } from "../../src/devices/reference/device.ts";
import { wasmDevice } from "../../src/devices/wasm/device.ts";
import { dequantise } from "../../src/formats/dequantise.ts";
import type { Tolerance } from "./fixtures.ts";

export interface DeviceUnderTest {
  readonly name: string;
  create(): Promise<Device>;
  /** What linear layers multiply weights of integer blocks with: f32, or int8 per token and 32 inputs (numerics.md, c). */
  readonly activations: "f32" | "int8";
  /** What is allowed where an f32 engine is allowed `f32`; `quantised`: some weights are stored in blocks of integers. */
  tolerance(f32: Tolerance, quantised: boolean): Tolerance;
}

export const devices: readonly DeviceUnderTest[] = [
  {
    name: "reference",
    activations: "f32",
    create: async () => referenceDevice(dequantise),
    tolerance: (f32) => f32,
  },
  wasm("wasm relaxed", {}),
  wasm("wasm plain", { plain: true }),
];

// int8 activations move the logits of these tiny, random models by some tenths, as they do in llama.cpp (fixtures/README.md).
const int8Activations: Tolerance = { max: 1, rms: 0.2 };
// f32 accumulators in place of the reference's f64 ones
const looser = ({ max, rms }: Tolerance): Tolerance => ({ max, rms: 1.5 * rms });

function wasm(name: string, settings: { plain?: boolean }): DeviceUnderTest {
  return {
    name,
    activations: "int8",
    create: async () => wasmDevice(settings),
    tolerance: (f32, quantised) => (quantised ? int8Activations : looser(f32)),
  };
}
