// The sampling kernel alone, compiled from its source, as a function that also checks what it leaves untouched.

import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { expect } from "vitest";
import type { Sampled, SampleRequest } from "../../src/core/device.ts";
import { type SampleExports, sampleScratchBytes, sampleWasm } from "../../src/devices/wasm/sample.ts";

/** Sampling on WASM for rows up to a whole vocabulary. */
export async function compileSampling(): Promise<(row: Float32Array, request: SampleRequest) => Sampled> {
  const files = new Map<string, Uint8Array | string>();
  const args = "src/devices/wasm/kernels/sample.ts -o sample.wasm -O3 --runtime stub --importMemory --enable simd";
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { error, stderr } = await asc.main([...args.split(" "), "--baseDir", root], {
    writeFile: (name: string, contents: Uint8Array | string) => void files.set(name, contents),
  });
  if (error) throw new Error(stderr.toString());
  const memory = new WebAssembly.Memory({ initial: 128 });
  const wasm = files.get("sample.wasm") as Uint8Array<ArrayBuffer>;
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  const kernels = instance.exports as unknown as SampleExports;

  return (row, request) => {
    // An address that is a multiple of 4 only, between numbers that must not count.
    const at = 1024 + 4;
    const around = new Float32Array(memory.buffer, at - 4, row.length + 2).fill(1e30);
    around.set(row, 1);
    const scratch = (at + 4 * row.length + 64) & ~15;
    const bytes = new Uint8Array(memory.buffer, scratch, sampleScratchBytes(row.length) + 16).fill(0xa5);
    const sampled = sampleWasm(kernels, memory, at, row.length, request, scratch);
    expect(around.subarray(1, -1)).toEqual(row);
    expect(bytes.subarray(-16)).toEqual(new Uint8Array(16).fill(0xa5));
    return sampled;
  };
}
