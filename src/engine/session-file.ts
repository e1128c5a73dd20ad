// A saved session: 8 bytes of magic, the header's length (u32), a JSON header, the ids (i32), the device's bytes. It can be read
// again by the same model with the same cache type and numerics, since only then do the same bits follow from it.

import type { AdapterWeights } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";

const MAGIC = "AQSESS01";
/** Headers hold the conversation's messages. */
const MOST_HEADER = 64 * 2 ** 20;

export interface SessionIdentity {
  /** Fingerprint of the checkpoint and how it was quantised at load. */
  readonly model: string;
  readonly kv: string;
  readonly numerics: string;
}

export interface SessionContent {
  readonly tokens: readonly number[];
  /** Fingerprint of the adapter that the state was computed with. */
  readonly adapter?: string;
  readonly state: Uint8Array;
  /** Whatever the caller's side wants back. */
  readonly extra: unknown;
}

export function writeSession(identity: SessionIdentity, content: SessionContent): Uint8Array {
  const { tokens, adapter, state, extra } = content;
  const header = new TextEncoder().encode(
    JSON.stringify({ ...identity, adapter, tokens: tokens.length, stateBytes: state.length, extra }),
  );
  const start = MAGIC.length + 4;
  const bytes = new Uint8Array(start + header.length + 4 * tokens.length + state.length);
  const view = new DataView(bytes.buffer);
  new TextEncoder().encodeInto(MAGIC, bytes);
  view.setUint32(MAGIC.length, header.length, true);
  bytes.set(header, start);
  for (const [i, id] of tokens.entries()) view.setInt32(start + header.length + 4 * i, id, true);
  bytes.set(state, start + header.length + 4 * tokens.length);
  return bytes;
}

export function readSession(identity: SessionIdentity, bytes: Uint8Array): SessionContent {
  const damaged = (what: string) => new AnyqwenError("format", `saved session: ${what}; it cannot be restored`);
  const start = MAGIC.length + 4;
  if (bytes.length < start || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw damaged("this is not a session that anyqwen saved");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(MAGIC.length, true);
  if (headerBytes > Math.min(MOST_HEADER, bytes.length - start)) throw damaged("the file is cut short");
  const header = parseHeader(bytes.subarray(start, start + headerBytes), damaged);
  for (const [key, what] of [
    ["model", "model"],
    ["kv", "KV cache type"],
    ["numerics", "numerics"],
  ] as const) {
    if (header[key] === identity[key]) continue;
    throw new AnyqwenError(
      "invalid-argument",
      `saved session: its ${what} is ${String(header[key]).slice(0, 100)}, the loaded one is ${identity[key]}; ` +
        "load the model as it was when the session was saved, or start the conversation anew",
    );
  }
  const count = Number(header.tokens);
  const idsAt = start + headerBytes;
  const stateAt = idsAt + 4 * count;
  if (!Number.isSafeInteger(count) || count < 0 || stateAt + Number(header.stateBytes) !== bytes.length) {
    throw damaged("its lengths do not add up; the file is cut short or was changed");
  }
  const tokens = Array.from({ length: count }, (_, i) => view.getInt32(idsAt + 4 * i, true));
  const adapter = typeof header.adapter === "string" ? header.adapter : undefined;
  return { tokens, adapter, state: bytes.subarray(stateAt), extra: header.extra };
}

function parseHeader(bytes: Uint8Array, damaged: (what: string) => AnyqwenError): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (header !== null && typeof header === "object") return header as Record<string, unknown>;
  } catch {
    // told below
  }
  throw damaged("its header is not readable");
}

/** Tensors that are looked into, and bytes of each. */
const SAMPLES = 16;
const SAMPLE_BYTES = 64;

/** Tells checkpoints apart without reading them whole: names, types and shapes of all tensors, and a little of some. */
export async function fingerprint(checkpoint: Checkpoint): Promise<string> {
  const tensors = [...checkpoint.tensors.values()];
  const hash = new Fnv1a();
  hash.text(checkpoint.format);
  for (const { name, type, shape } of tensors) hash.text(`${name} ${type} ${shape.join("x")}`);
  // Those that are stored as they are; the others would have to be repacked first.
  const plain = tensors.filter(({ type }) => !/^[GF]\d+_/.test(type));
  const stride = Math.max(1, Math.floor(plain.length / SAMPLES));
  const sampled = plain.filter((_, i) => i % stride === 0);
  for (const piece of await Promise.all(sampled.map(middleOf))) hash.bytes(piece);
  return hash.hex();
}

/** Tells adapters apart, by all of their numbers. */
export function adapterFingerprint(weights: AdapterWeights): string {
  const hash = new Fnv1a();
  for (const name of [...weights.keys()].sort()) {
    const pair = weights.get(name);
    if (!pair) continue;
    hash.text(`${name} ${pair.rank} ${pair.scale}`);
    for (const { buffer, byteOffset, byteLength } of [pair.a, pair.b])
      hash.bytes(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.hex();
}

async function middleOf(tensor: StoredTensor): Promise<Uint8Array> {
  const piece = new Uint8Array(Math.min(SAMPLE_BYTES, tensor.byteLength));
  await tensor.read(Math.floor((tensor.byteLength - piece.length) / 2), piece);
  return piece;
}

/** FNV-1a in two 32-bit lanes of different offsets: enough to notice a mistake, not meant against malice. */
class Fnv1a {
  #a = 0x811c9dc5;
  #b = 0x9e3779b9;

  bytes(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#a = Math.imul(this.#a ^ byte, 0x01000193);
      this.#b = Math.imul(this.#b ^ byte, 0x01000193) ^ (this.#a >>> 15);
    }
  }

  text(text: string): void {
    this.bytes(new TextEncoder().encode(`${text}\n`));
  }

  hex(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
