// The row-blocked forms that GPTQ, AWQ and FP8 checkpoints are brought into (layouts: core/storage.ts).

import { e4m3ToFloat, halfToFloat } from "./float-bits.ts";

/** G4_<group>: f16 scale, zero point, unused byte, then runs of 16 bytes for 32 inputs: scale * (q - zero). */
export function groupBlocks(group: number): (bytes: Uint8Array, out: Float32Array, blocks: number) => void {
  return (bytes, out, blocks) => {
    for (let b = 0, at = 0, o = 0; b < blocks; b++) {
      const scale = halfToFloat[bytes[at] | (bytes[at + 1] << 8)];
      const zero = bytes[at + 2];
      at += 4;
      for (let run = 0; run < group; run += 32, at += 16, o += 32) {
        for (let j = 0; j < 16; j++) {
          const q = bytes[at + j];
          out[o + j] = scale * ((q & 15) - zero);
          out[o + j + 16] = scale * ((q >> 4) - zero);
        }
      }
    }
  };
}

const scaleBits = new Uint32Array(1);
const scaleValue = new Float32Array(scaleBits.buffer);

/** F8_128: f32 scale, 128 E4M3FN bytes. */
export function f8Blocks(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 132, o += 128) {
    scaleBits[0] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    const scale = scaleValue[0];
    for (let j = 0; j < 128; j++) out[o + j] = scale * e4m3ToFloat[bytes[at + 4 + j]];
  }
}
