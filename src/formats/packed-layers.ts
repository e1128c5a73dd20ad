// GPTQ and AWQ layers: 4-bit (GPTQ also 2- and 8-bit) integers packed in 32-bit words, with a scale and a zero point per
// group of inputs and output. Presented row by row as G4_* blocks where these can say the same, else as F32.
// Sources: AutoGPTQ's QuantLinear and GPTQModel's checkpoint_format "gptq_v2"; AutoAWQ's WQLinear_GEMM.

import { AnyqwenError } from "../core/errors.ts";
import { rowBytes, type StorageType, type StoredTensor, storageFormat } from "../core/storage.ts";
import { convertedTensor, type HeldLayers } from "./converted-tensor.ts";
import { floatToHalf } from "./float-bits.ts";
import { readBytes, readFloats, readInts, type SafetensorsEntry } from "./safetensors-file.ts";

export interface PackedLayer {
  /** The logical weight's name. */
  readonly name: string;
  readonly qweight: SafetensorsEntry;
  readonly qzeros: SafetensorsEntry;
  readonly scales: SafetensorsEntry;
  readonly groupIndex?: SafetensorsEntry;
}

export interface PackedOptions {
  readonly bits: number;
  /** Inputs per group; undefined: what the scales' shape says. */
  readonly groupSize?: number;
  /** GPTQ's first format stores zero points less one. */
  readonly zerosLessOne: boolean;
}

/** How AWQ's words hold eight outputs: output c of a word is its nibble awqNibble[c]. */
const awqNibble = [0, 4, 1, 5, 2, 6, 3, 7];

/** Where element (input i, output o) lies: word (i >> inputShift) * width + (o >> outputShift), at the bits given. */
interface Packing {
  readonly width: number;
  readonly inputShift: number;
  readonly outputShift: number;
  readonly bitOfInput: readonly number[];
  readonly bitOfOutput: readonly number[];
  /** Position of output o's zero point in its word. */
  readonly bitOfZero: readonly number[];
}

interface Geometry extends Packing {
  readonly bits: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  readonly groupSize: number;
  readonly zeroOffset: number;
}

export async function packedTensor(
  layer: PackedLayer,
  options: PackedOptions,
  held: HeldLayers,
): Promise<StoredTensor> {
  const geometry = measure(layer, options);
  const groupOf = await readGroups(layer, geometry);
  const type = chooseType(layer, geometry, groupOf);
  const shape = [geometry.outputs, geometry.inputs];
  const columns = groupOf && type !== "F32" ? sortByGroup(groupOf) : undefined;
  const place = { source: layer.qweight.source, offset: layer.qweight.start };
  return convertedTensor({ name: layer.name, type, shape, columns, place }, async (first, count) => {
    const packed = await held.get(layer.name, () => load(layer));
    if (first + count === geometry.outputs) held.drop(layer.name);
    if (type === "F32") return floatRows(geometry, packed, first, count, groupOf);
    return blockRows(geometry, packed, type, first, count, columns);
  });
}

function measure(layer: PackedLayer, options: PackedOptions): Geometry {
  const { qweight, qzeros, scales } = layer;
  const { bits } = options;
  const fail = (what: string): never => {
    throw new AnyqwenError(
      "unsupported",
      `${layer.name}: ${what}; GPTQ with 2, 4 or 8 bits and AWQ (gemm) are supported`,
    );
  };
  if (bits !== 2 && bits !== 4 && bits !== 8) fail(`quantised with ${bits} bits`);
  const matrices = [qweight, qzeros, scales];
  if (matrices.some(({ shape }) => shape.length !== 2)) fail(`qweight [${qweight.shape}], scales [${scales.shape}]`);
  const perWord = 32 / bits;
  const wordShift = Math.log2(perWord);
  const [groups, outputs] = scales.shape;
  const positions = Array.from({ length: perWord }, (_, i) => i * bits);
  const none = positions.map(() => 0);
  const isGptq = qweight.shape[1] === outputs;
  const isAwq = bits === 4 && qweight.shape[1] * perWord === outputs;
  if (!isGptq && !isAwq) fail(`qweight [${qweight.shape}] does not fit scales [${scales.shape}]`);
  const inputs = isGptq ? qweight.shape[0] * perWord : qweight.shape[0];
  const groupSize = options.groupSize ?? Math.ceil(inputs / groups);
  const zeroWords = Math.ceil(outputs / perWord);
  if (qzeros.shape[0] !== groups || qzeros.shape[1] !== zeroWords)
    fail(`qzeros [${qzeros.shape}] for ${groups} groups`);
  if (inputs === 0 || outputs === 0 || groups === 0) fail("the layer is empty");
  // With g_idx any number of groups is possible; without it they must cover the inputs.
  if (!layer.groupIndex && Math.ceil(inputs / groupSize) !== groups) {
    fail(`${groups} groups of ${groupSize} for ${inputs} inputs`);
  }
  const common = { bits, inputs, outputs, groups, groupSize };
  if (isGptq) {
    const zeroOffset = options.zerosLessOne ? 1 : 0;
    const packing = { inputShift: wordShift, outputShift: 0, bitOfInput: positions, bitOfOutput: none };
    return { ...common, ...packing, width: outputs, bitOfZero: positions, zeroOffset };
  }
  const awq = awqNibble.map((nibble) => nibble * 4);
  const packing = { inputShift: 0, outputShift: 3, bitOfInput: none, bitOfOutput: awq };
  return { ...common, ...packing, width: outputs / 8, bitOfZero: awq, zeroOffset: 0 };
}

/** Each input's group if they are not simply consecutive. */
async function readGroups(
  layer: PackedLayer,
  { inputs, groups, groupSize }: Geometry,
): Promise<Int32Array | undefined> {
  if (!layer.groupIndex) return undefined;
  const index = await readInts(layer.groupIndex);
  if (index.length !== inputs) {
    throw new AnyqwenError("format", `${layer.groupIndex.name}: ${index.length} entries for ${inputs} inputs`);
  }
  const wrong = index.find((group) => group < 0 || group >= groups);
  if (wrong !== undefined) {
    throw new AnyqwenError("format", `${layer.groupIndex.name}: group ${wrong} where there are ${groups}`);
  }
  return index.every((group, i) => group === Math.floor(i / groupSize)) ? undefined : index;
}

/** The widest block that says exactly what the file says. */
function chooseType(layer: PackedLayer, geometry: Geometry, groupOf: Int32Array | undefined): StorageType {
  const { bits, inputs, groups, groupSize } = geometry;
  if (bits !== 4 || layer.scales.dtype !== "F16") return "F32";
  if (groupOf) {
    const sizes = new Int32Array(groups);
    for (const group of groupOf) sizes[group]++;
    if (!sizes.every((size) => size === groupSize)) return "F32";
  }
  const fits = (block: number) => inputs % block === 0 && (groups === 1 || groupSize % block === 0);
  if (fits(128)) return "G4_128";
  if (fits(64)) return "G4_64";
  return fits(32) ? "G4_32" : "F32";
}

/** Inputs ordered by group, within a group as they were. */
function sortByGroup(groupOf: Int32Array): Int32Array {
  return Int32Array.from(groupOf.keys()).sort((a, b) => groupOf[a] - groupOf[b] || a - b);
}

interface Packed {
  readonly words: Int32Array;
  readonly zeros: Int32Array;
  /** [groups, outputs] */
  readonly scales: Float32Array;
}

async function load(layer: PackedLayer): Promise<Packed> {
  const words = async (entry: SafetensorsEntry) => {
    if (entry.dtype !== "I32" && entry.dtype !== "U32") {
      throw new AnyqwenError("format", `${entry.name}: ${entry.dtype} where I32 was expected`);
    }
    return new Int32Array((await readBytes(entry)).buffer);
  };
  return {
    words: await words(layer.qweight),
    zeros: await words(layer.qzeros),
    scales: await readFloats(layer.scales),
  };
}

function zeroOf({ zeros }: Packed, geometry: Geometry, group: number, output: number): number {
  const { bits, outputs, bitOfZero, zeroOffset } = geometry;
  const perWord = 32 / bits;
  const word = zeros[group * Math.ceil(outputs / perWord) + Math.floor(output / perWord)];
  return ((word >>> bitOfZero[output % perWord]) & (2 ** bits - 1)) + zeroOffset;
}

/** G4_* rows. The innermost loop runs over rows, since neighbours in GPTQ's words are outputs. */
function blockRows(
  geometry: Geometry,
  packed: Packed,
  type: StorageType,
  first: number,
  count: number,
  columns: Int32Array | undefined,
): Uint8Array {
  const { inputs, outputs, groups, groupSize, width, inputShift, outputShift, bitOfInput, bitOfOutput } = geometry;
  const { block, bytes: blockBytes } = storageFormat(type);
  const stride = rowBytes(type, inputs);
  const inputMask = (1 << inputShift) - 1;
  const outputMask = (1 << outputShift) - 1;
  const { words, scales } = packed;
  const out = new Uint8Array(count * stride);
  for (let column = 0, at = 0; column < inputs; column += block, at += blockBytes) {
    const group = groups === 1 ? 0 : Math.floor(column / groupSize);
    for (let r = 0; r < count; r++) {
      const bits = floatToHalf(scales[group * outputs + first + r]);
      out[r * stride + at] = bits & 255;
      out[r * stride + at + 1] = bits >> 8;
      out[r * stride + at + 2] = zeroOf(packed, geometry, group, first + r);
    }
    for (let j = 0; j < block / 2; j++) {
      const low = column + (j >> 4) * 32 + (j & 15);
      const lowInput = columns ? columns[low] : low;
      const highInput = columns ? columns[low + 16] : low + 16;
      const lowBase = (lowInput >> inputShift) * width;
      const highBase = (highInput >> inputShift) * width;
      const lowBit = bitOfInput[lowInput & inputMask];
      const highBit = bitOfInput[highInput & inputMask];
      for (let r = 0, to = at + 4 + j; r < count; r++, to += stride) {
        const word = (first + r) >> outputShift;
        const bit = bitOfOutput[(first + r) & outputMask];
        const lowNibble = (words[lowBase + word] >>> (lowBit + bit)) & 15;
        out[to] = lowNibble | (((words[highBase + word] >>> (highBit + bit)) & 15) << 4);
      }
    }
  }
  return out;
}

/** F32 rows, inputs in their own order: scale * (q - zero). */
function floatRows(
  geometry: Geometry,
  packed: Packed,
  first: number,
  count: number,
  groupOf: Int32Array | undefined,
): Uint8Array {
  const { bits, inputs, outputs, groupSize, width, inputShift, outputShift, bitOfInput, bitOfOutput } = geometry;
  const inputMask = (1 << inputShift) - 1;
  const outputMask = (1 << outputShift) - 1;
  const out = new Float32Array(count * inputs);
  for (let r = 0; r < count; r++) {
    const output = first + r;
    for (let i = 0; i < inputs; i++) {
      const group = groupOf ? groupOf[i] : Math.floor(i / groupSize);
      const word = packed.words[(i >> inputShift) * width + (output >> outputShift)];
      const q = (word >>> (bitOfInput[i & inputMask] + bitOfOutput[output & outputMask])) & (2 ** bits - 1);
      out[r * inputs + i] = packed.scales[group * outputs + output] * (q - zeroOf(packed, geometry, group, output));
    }
  }
  return new Uint8Array(out.buffer);
}
