// The one place that chooses a device. Devices are loaded when chosen: the reference one is no part of a page that does not ask.

import type { Device } from "../core/device.ts";
import { dequantise } from "../formats/dequantise.ts";

export async function openDevice(options: {
  readonly device: "wasm" | "reference";
  readonly wasmUrl?: string | URL;
}): Promise<Device> {
  if (options.device === "wasm") {
    const { wasmDevice } = await import("../devices/wasm/device.ts");
    return wasmDevice({ wasmUrl: options.wasmUrl });
  }
  const { referenceDevice } = await import("../devices/reference/device.ts");
  return referenceDevice(dequantise);
}
