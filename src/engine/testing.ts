// What this room's tests share: fixture models on the reference device, in process, and parts collected.

import { fileURLToPath } from "node:url";
import { nodeSource } from "../formats/node-files.ts";
import { readSafetensors } from "../formats/safetensors-file.ts";
import { inProcessChannel } from "./channels.ts";
import { EngineClient } from "./client.ts";
import type { EndPart, GenerateOptions, ModelInfo, ModelOptions, Part } from "./types.ts";

export const fixture = (path: string) => fileURLToPath(new URL(`../../test/fixtures/${path}`, import.meta.url));

export interface Opened extends AsyncDisposable {
  readonly client: EngineClient;
  readonly info: ModelInfo;
}

export function openFixture(path: string, options: ModelOptions = {}): Promise<Opened> {
  return openSource(fixture(path), options);
}

export async function openSource(source: string, options: ModelOptions = {}): Promise<Opened> {
  const client = new EngineClient(inProcessChannel());
  const params = { source, options: { device: "reference", kv: "f32", ...options } as const };
  return { client, info: await client.call("load", params), [Symbol.asyncDispose]: () => client.close() };
}

/** A tensor of a fixture's expected.safetensors: F32 or I32. */
export async function expected(path: string, name: string): Promise<{ values: number[]; shape: readonly number[] }> {
  const source = await nodeSource(fixture(`${path}/expected.safetensors`));
  try {
    const entry = (await readSafetensors(source)).get(name);
    if (!entry) throw new Error(`${path}: no ${name}`);
    const bytes = new Uint8Array(entry.byteLength);
    await entry.read(0, bytes);
    const values = entry.dtype === "I32" ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
    return { values: Array.from(values), shape: entry.shape };
  } finally {
    await source.close();
  }
}

export interface Collected {
  readonly parts: Part[];
  readonly text: string;
  readonly end: EndPart;
}

export async function collect(parts: AsyncIterable<Part>): Promise<Collected> {
  const all: Part[] = [];
  for await (const part of parts) all.push(part);
  const end = all.at(-1);
  if (end?.type !== "end") throw new Error("the stream ended without an end");
  return { parts: all, text: all.map((part) => (part.type === "text" ? part.text : "")).join(""), end };
}

export function generate(
  { client }: Opened,
  prompt: string | readonly number[],
  { signal, ...options }: GenerateOptions,
  session?: number,
): Promise<Collected> {
  return collect(client.stream("generate", { prompt, options, session }, signal));
}
