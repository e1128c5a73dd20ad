// GGUF files as a checkpoint: one file or its splits, the tensors of all of them under one roof.
// Source: gguf.md of the ggml project; split keys (split.no, split.count, split.tensors.count) from llama.cpp's gguf-split.

import type { ByteSource, FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type GgufHeader, type GgufTypeTag, readGgufHeader } from "./gguf-header.ts";
import { parseSplit, splitFiles } from "./gguf-splits.ts";
import { sliceTensor } from "./slice-tensor.ts";

export interface GgufCheckpoint extends Checkpoint {
  readonly format: "gguf";
  /** How each metadata value is stored, for whoever writes it again. */
  readonly metadataTypes: ReadonlyMap<string, GgufTypeTag>;
}

/** Opens the set's GGUF model; fails with code "format" or "unsupported" and the place of the fault. */
export async function openGguf(files: FileSet): Promise<GgufCheckpoint> {
  const names = chooseFiles(files);
  const sources: ByteSource[] = [];
  const close = async () => {
    await Promise.all(sources.map((source) => source.close()));
  };
  try {
    const headers: GgufHeader[] = [];
    for (const name of names) {
      const source = await files.open(name);
      sources.push(source);
      headers.push(await readGgufHeader(source));
    }
    checkSplits(sources, headers);
    return {
      format: "gguf",
      name: files.name,
      metadata: headers[0].metadata,
      metadataTypes: headers[0].types,
      json: new Map(),
      tensors: collectTensors(sources, headers),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The one model of the set: a file, or all splits of one. */
function chooseFiles(files: FileSet): string[] {
  const all = files.files.filter((file) => file.endsWith(".gguf"));
  // A vision tower that stands beside its model.
  const models = all.filter((file) => all.length === 1 || !/(^|\/)mmproj[^/]*$/.test(file));
  const groups = new Map(models.map((file) => [splitFiles(file)[0], splitFiles(file)]));
  if (groups.size === 0) throw new AnyqwenError("not-found", `${files.name}: there is no .gguf file`);
  if (groups.size > 1) {
    throw new AnyqwenError(
      "invalid-argument",
      `${files.name}: there are ${groups.size} models (${[...groups.keys()].join(", ")}); name one of the files`,
    );
  }
  const [names] = groups.values();
  const missing = names.filter((name) => !files.files.includes(name));
  if (missing.length > 0) {
    throw new AnyqwenError(
      "not-found",
      `${files.name}: ${missing[0]} is missing; a split model needs all ${names.length} files side by side`,
    );
  }
  return names;
}

function checkSplits(sources: readonly ByteSource[], headers: readonly GgufHeader[]): void {
  const fail = (source: ByteSource, what: string): never => {
    throw new AnyqwenError("format", `${source.name}: ${what}; download the splits again`);
  };
  for (const [i, { metadata }] of headers.entries()) {
    const count = metadata.get("split.count") ?? 1;
    if (count !== headers.length && !(count === 0 && headers.length === 1)) {
      const hint = parseSplit(sources[i].name.split(/[\\/]/).pop() ?? "") ? "" : " (was the file renamed?)";
      fail(sources[i], `it is one of ${count} splits, but ${headers.length} stand here${hint}`);
    }
    const number = metadata.get("split.no") ?? i;
    if (number !== i) fail(sources[i], `it is split ${number} and stands where split ${i} should`);
  }
  const promised = headers[0].metadata.get("split.tensors.count");
  const found = headers.reduce((sum, header) => sum + header.tensors.length, 0);
  if (headers.length > 1 && promised !== undefined && promised !== found) {
    fail(sources[0], `it promises ${promised} tensors, the splits hold ${found}`);
  }
}

function collectTensors(sources: readonly ByteSource[], headers: readonly GgufHeader[]): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [i, header] of headers.entries()) {
    const source = sources[i];
    for (const { name, type, shape, offset, byteLength } of header.tensors) {
      if (tensors.has(name)) {
        throw new AnyqwenError("format", `${source.name}: ${name}: the tensor is in an earlier split already`);
      }
      tensors.set(name, sliceTensor(source, { name, type, shape, byteLength }, offset));
    }
  }
  return tensors;
}
