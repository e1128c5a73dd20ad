// Finds and compiles the right one of the four kernel builds: relaxed or plain SIMD, shared or private memory.

import { AnyqwenError } from "../../core/errors.ts";
import type { SampleExports } from "./sample.ts";

export interface KernelExports extends SampleExports {
  /** Tells the other threads whose plan to replay: a bank's number, or -1 for the end. */
  start(context: number, command: number): void;
  awaitCommand(context: number, seen: number): number;
  command(context: number): number;
  replay(context: number, thread: number): void;
  fused(): number;
  unpackRow(
    kind: number,
    table: number,
    units: number,
    groupBytes: number,
    row: number,
    columns: number,
    out: number,
  ): void;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const imports = { env: { memory, abort: () => undefined } };
  return new WebAssembly.Instance(module, imports).exports as unknown as KernelExports;
}

export interface KernelBuild {
  readonly name: string;
  /** Other threads compile it; meanwhile this one can plan. */
  readonly compiling: Promise<WebAssembly.Module>;
  readonly relaxed: boolean;
  readonly shared: boolean;
}

// Bundlers find files by exactly this form of address.
const builds = {
  "kernels-relaxed-threads": () => new URL("./wasm/kernels-relaxed-threads.wasm", import.meta.url),
  "kernels-simd-threads": () => new URL("./wasm/kernels-simd-threads.wasm", import.meta.url),
  "kernels-relaxed": () => new URL("./wasm/kernels-relaxed.wasm", import.meta.url),
  "kernels-simd": () => new URL("./wasm/kernels-simd.wasm", import.meta.url),
};

// The smallest modules that use i8x16.splat, and f32x4.relaxed_madd.
const simdProbe = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
const relaxedProbe = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
];
const isNode = typeof process !== "undefined" && process.versions?.node !== undefined;

/** Whether memory can be shared between threads here (a page needs cross-origin isolation). */
function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return typeof crossOriginIsolated === "undefined" || crossOriginIsolated;
}

export async function loadKernels(options: {
  threads: number;
  /** Folder of the .wasm files; found beside this module when absent. */
  wasmUrl?: string | URL;
  /** Forces plain SIMD, for tests of that build. */
  plain?: boolean;
}): Promise<KernelBuild> {
  if (!WebAssembly.validate(new Uint8Array(simdProbe)))
    throw new AnyqwenError(
      "unsupported",
      "this runtime has no WebAssembly SIMD; a browser from 2023 on, or Node 20.19, has it",
    );
  const relaxed = !options.plain && (await hasRelaxedSimd());
  const shared = options.threads > 1 && canShareMemory();
  const name = `kernels-${relaxed ? "relaxed" : "simd"}${shared ? "-threads" : ""}` as const;
  const bytes = await readAsset(options.wasmUrl ? new URL(`${name}.wasm`, options.wasmUrl) : beside(name));
  const compiling = WebAssembly.compile(bytes);
  compiling.catch(() => undefined); // awaited by who asked; must not count as unhandled until then
  return { name, compiling, relaxed, shared };
}

async function hasRelaxedSimd(): Promise<boolean> {
  const probe = new Uint8Array(relaxedProbe);
  if (WebAssembly.validate(probe)) return true;
  if (!isNode) return false;
  // Node 20 has it behind a flag of V8 that can be set while running
  const v8 = await import("node:v8");
  v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(probe);
}

async function readAsset(url: URL): Promise<ArrayBuffer> {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    const bytes = await readFile(url);
    return new Uint8Array(bytes).buffer;
  }
  const answer = await fetch(url);
  if (!answer.ok)
    throw new AnyqwenError("not-found", `${url}: HTTP ${answer.status}; is the package's wasm folder served?`);
  return answer.arrayBuffer();
}

/** The built files lie in dist/; from the sources (tests) that is three folders up. */
function beside(name: keyof typeof builds): URL {
  const here = import.meta.url;
  return here.endsWith(".ts") ? new URL(`../../../dist/wasm/${name}.wasm`, here) : builds[name]();
}
