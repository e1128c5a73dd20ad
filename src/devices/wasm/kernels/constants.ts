// Addresses of 16-byte constants in the first kilobyte of memory. They are data, not v128.const, because V8 re-creates a constant
// at every use; memory.ts of the host writes them once.
export const M4: usize = 64; // 0x0f
export const M10: usize = 80; // 0x10
export const M30: usize = 96; // 0x30
export const M2: usize = 112; // 0x03
export const M04: usize = 128; // 0x04
export const H_BITS: usize = 144; // i32 0x7fff
export const H_SCALE: usize = 160; // f32 2^112
export const H_SIGN: usize = 176; // i32 0x8000
export const IQ4_VALUES: usize = 192; // the 16 values of IQ4_NL
export const MXFP4_VALUES: usize = 208; // the 16 values of MXFP4, doubled, plus 12
export const ONES: usize = 224; // i16 1
/** f32 constants of exp (math.ts), one vector each: bounds, 1/ln 2, 1.5 * 2^23, ln 2 in two parts, polynomial from the top, 1. */
export const EXP: usize = 240;
export const KV_MASK: usize = 448; // sign, exponent and fraction of an f16 in its f32 place: 0x8fffe000
/** f32 constants of 2^x (math.ts): bound, polynomial from the bottom. */
export const EXP2: usize = 464;
/** 448 zero bytes: the rows that are missing from the last group of four. */
export const ZEROS: usize = 576;
