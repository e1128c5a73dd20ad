// The devices that the parity tests run on, each with what it promises.

import type { Device } from "../../src/core/device.ts";
import { referenceDevice } from "../../src/devices/reference/device.ts";
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
];
