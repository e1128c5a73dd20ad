// What host and kernels agree on: opcodes, the words of a context, the size of an instruction. Twin of kernels/context.ts.

export const opcode = {
  embed: 1,
  rmsNorm: 2,
  quantise: 3,
  linear: 4,
  rope: 5,
  appendKv: 6,
  attention: 7,
  mergeAttention: 8,
  swiglu: 9,
  add: 10,
  sigmoidGate: 11,
  gatherRows: 12,
  route: 13,
  sortPairs: 14,
  gatherPairs: 15,
  expertLinear: 16,
  combine: 17,
  repack: 18,
  readMemory: 19,
  lowRankDown: 20,
  lowRankUp: 21,
  slice: 22,
  causalConv: 23,
  deltaGates: 24,
  gatedDelta: 25,
  concat: 26,
  // training
  gemm: 32,
  sequenceAttention: 33,
  attentionGradient: 34,
  rmsNormGradient: 35,
  rmsNormWeight: 36,
  biasSum: 37,
  ropeGradient: 38,
  swigluGradient: 39,
  crossEntropy: 40,
  embedPlain: 41,
  embedGradient: 42,
  scatterRows: 43,
  clear: 44,
  sumSquares: 45,
  adamW: 46,
  sequenceConv: 47,
  convGradient: 48,
  sequenceDelta: 49,
  deltaGradient: 50,
  deltaGatesGradient: 51,
  sigmoidGateGradient: 52,
  sliceGradient: 53,
  expertGemm: 54,
  expertWeight: 55,
  expertGradient: 56,
  sumPairs: 57,
  routeGradient: 58,
  dropout: 60,
  distillation: 61,
} as const;
export type Opcode = keyof typeof opcode;

/** Byte offsets in a context. */
export const context = {
  commandGeneration: 12,
  threads: 24,
  plan: 28,
  planLength: 32,
  tokens: 36,
  rows: 40,
  one: 44,
  scratch: 48,
  scratchStride: 52,
  tokenIds: 56,
  tokenPositions: 60,
  tokenPages: 64,
  rowTokens: 68,
  attentionItems: 72,
  attentionItemCount: 76,
  mergeItems: 80,
  mergeItemCount: 84,
  partials: 88,
  segments: 92,
  segmentCount: 96,
  bytes: 128,
} as const;

export const instructionBytes = 96;
export const instructionArgs = 22;

/** Row kinds of an instruction: tokens, rows of logits, one. */
export const rowKind = { T: 0, R: 1, one: 2 } as const;

/** Bytes of the results of a row's loss, in training. */
export const rowResultBytes = 24;

/** First byte that is not constants (kernels/constants.ts): the context begins here. */
export const firstFree = 1024;
/** Positions in a page of the cache and in a partition of attention. */
export const pageTokens = 256;

export const alignUp = (n: number, to: number): number => Math.ceil(n / to) * to;
