// Sampling a row of logits where it lies, in WASM memory: writes the request beside it, runs kernels/sample.ts, reads the answer.
// The row stays as it is.

import type { Sampled, SampleRequest } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";

export interface SampleExports {
  sampleRow(logits: number, vocab: number, params: number, row: number, work: number): number;
}

const PARAMS_BYTES = 4096;
/** What the kernel keeps before the candidates. */
const RECORDS = 2304;
const RECORD_BYTES = 16;
/** Most alternatives with their log-probabilities. */
const MOST_ALTERNATIVES = 256;

const TOP_IDS = 128;
const TOP_LOGPROBS = 1152;

const paddedVocab = (vocab: number) => (vocab + 15) & ~15;
const maskWords = (vocab: number) => (vocab + 31) >>> 5;

/** Bytes of scratch, about 20 per token of the vocabulary: request and answer, the row to change, candidates or lists, mask. */
export function sampleScratchBytes(vocab: number): number {
  const padded = paddedVocab(vocab);
  return PARAMS_BYTES + 4 * padded + RECORDS + RECORD_BYTES * padded + 4 * maskWords(padded);
}

/**
 * Samples from the `vocab` f32 at `logits`. `scratch`: address of sampleScratchBytes(vocab) bytes, a multiple of 16, whose contents
 * nobody else needs meanwhile. Addresses may be negative above 2 GiB.
 */
export function sampleWasm(
  exports: SampleExports,
  memory: WebAssembly.Memory,
  logits: number,
  vocab: number,
  request: SampleRequest,
  scratch: number,
): Sampled {
  const params = scratch >>> 0;
  const row = params + PARAMS_BYTES;
  const work = row + 4 * paddedVocab(vocab);
  const words = new Int32Array(memory.buffer, params, PARAMS_BYTES / 4);
  const floats = new Float32Array(memory.buffer, params, PARAMS_BYTES / 4);
  const doubles = new Float64Array(memory.buffer, params, PARAMS_BYTES / 8);
  const alternatives = Math.min(request.logprobs ?? -1, MOST_ALTERNATIVES);
  floats[0] = request.temperature;
  words[1] = Math.min(request.topK, vocab);
  doubles[1] = request.topP;
  doubles[2] = request.minP;
  words[6] = request.seed;
  words[7] = Math.floor(request.seed / 2 ** 32);
  words[8] = request.choice;
  words[9] = request.position;
  floats[10] = request.repetitionPenalty;
  floats[11] = request.presencePenalty;
  floats[12] = request.frequencyPenalty;
  writeLists(memory, words, request, work + RECORDS, vocab);
  words[21] = alternatives;
  const id = exports.sampleRow(logits, vocab, params, row, work);
  if (alternatives < 0) return { id };
  const top = Array.from({ length: words[24] }, (_, i) => ({
    id: words[TOP_IDS / 4 + i],
    logprob: doubles[TOP_LOGPROBS / 8 + i],
  }));
  return { id, logprob: doubles[11], top };
}

/** Lists lie where the candidates come later: 8 bytes per id for those seen, 8 for the bias; the mask lies behind. */
function writeLists(
  memory: WebAssembly.Memory,
  words: Int32Array,
  { seen, bias, mask }: SampleRequest,
  at: number,
  vocab: number,
): void {
  const padded = paddedVocab(vocab);
  const put = (
    name: string,
    values: Int32Array | Float32Array | Uint32Array,
    address: number,
    word: number,
    most: number,
  ) => {
    if (values.length > most) {
      throw new AnyqwenError(
        "invalid-argument",
        `sample: ${values.length} ${name}, more than the vocabulary of ${vocab} has`,
      );
    }
    const View = values.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => typeof values;
    new View(memory.buffer, address, values.length).set(values);
    words[word] = address;
  };
  words[13] = seen?.ids.length ?? 0;
  words[16] = bias?.ids.length ?? 0;
  words[19] = mask ? Math.min(mask.length, maskWords(vocab)) : -1;
  if (seen) {
    put("ids seen", seen.ids, at, 14, padded);
    put("counts of ids seen", seen.counts, at + 4 * padded, 15, padded);
  }
  if (bias) {
    put("biased ids", bias.ids, at + 8 * padded, 17, padded);
    put("biases", bias.values, at + 12 * padded, 18, padded);
  }
  if (mask) put("words of mask", mask.subarray(0, words[19]), at + 16 * padded, 20, maskWords(vocab));
}
