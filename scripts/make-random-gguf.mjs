// Writes a GGUF file with the shapes of a published model and random Q4_0 weights, for measurements of size and speed where the real
// file is not at hand. Scales are such that every layer's output has about unit size: subnormal ones would halve the speed.
// Usage: node scripts/make-random-gguf.mjs SHAPES OUT [--layers N] [--mtp]      (SHAPES: see below; no tokenizer is written)
//   --mtp: with the layer that predicts a token more, of hybrids
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { parseArgs } from "node:util";

/** Of the published config.json files. */
const shapes = {
  "qwen2.5-7b": { architecture: "qwen2", layers: 28, hidden: 3584, heads: 28, kvHeads: 4, headDim: 128, mlp: 18944 },
  "qwen3-8b": { architecture: "qwen3", layers: 36, hidden: 4096, heads: 32, kvHeads: 8, headDim: 128, mlp: 12288 },
  "qwen3-14b": { architecture: "qwen3", layers: 40, hidden: 5120, heads: 40, kvHeads: 8, headDim: 128, mlp: 17408 },
  "qwen3-30b-a3b": {
    ...{ architecture: "qwen3moe", layers: 48, hidden: 2048, heads: 32, kvHeads: 4, headDim: 128, mlp: 768 },
    ...{ experts: 128, topK: 8 },
  },
  "qwen3.5-0.8b": {
    ...{ architecture: "qwen35", layers: 24, hidden: 1024, heads: 8, kvHeads: 2, headDim: 256, mlp: 3584, tied: true },
    ...{ keyHeads: 16, valueHeads: 16 },
  },
  "qwen3.5-4b": {
    ...{ architecture: "qwen35", layers: 32, hidden: 2560, heads: 16, kvHeads: 4, headDim: 256, mlp: 9216, tied: true },
    ...{ keyHeads: 16, valueHeads: 32 },
  },
};
const vocab = { qwen2: 152064, qwen3: 151936, qwen3moe: 151936, qwen35: 248320 };
/** Of delta nets: the size of a head, tokens that the convolution sees, layers from one attention to the next. */
const [deltaDim, taps, interval] = [128, 4, 4];

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { layers: { type: "string" }, mtp: { type: "boolean" } },
});
const [name, out] = positionals;
const shape = shapes[name];
if (!shape || !out) {
  console.error(`usage: node scripts/make-random-gguf.mjs ${Object.keys(shapes).join("|")} OUT [--layers N] [--mtp]`);
  process.exit(2);
}
const { architecture, hidden, heads, kvHeads, headDim, mlp, experts, topK, tied, keyHeads, valueHeads } = shape;
const layers = flags.layers ? Number(flags.layers) : shape.layers;
if (flags.mtp && !keyHeads) {
  console.error(`${name}: only hybrids have an MTP layer`);
  process.exit(2);
}

const metadata = {
  "general.architecture": architecture,
  "general.name": `random ${name}`,
  [`${architecture}.block_count`]: layers + (flags.mtp ? 1 : 0),
  ...(flags.mtp && { [`${architecture}.nextn_predict_layers`]: 1 }),
  [`${architecture}.context_length`]: 32768,
  [`${architecture}.embedding_length`]: hidden,
  [`${architecture}.feed_forward_length`]: mlp,
  [`${architecture}.attention.head_count`]: heads,
  [`${architecture}.attention.head_count_kv`]: kvHeads,
  [`${architecture}.attention.key_length`]: headDim,
  [`${architecture}.attention.value_length`]: headDim,
  ...(experts && { [`${architecture}.expert_count`]: experts, [`${architecture}.expert_used_count`]: topK }),
  ...(experts && { [`${architecture}.expert_feed_forward_length`]: mlp }),
  ...(keyHeads && {
    [`${architecture}.rope.dimension_count`]: headDim / 4,
    [`${architecture}.full_attention_interval`]: interval,
    [`${architecture}.ssm.conv_kernel`]: taps,
    [`${architecture}.ssm.state_size`]: deltaDim,
    [`${architecture}.ssm.group_count`]: keyHeads,
    [`${architecture}.ssm.time_step_rank`]: valueHeads,
    [`${architecture}.ssm.inner_size`]: valueHeads * deltaDim,
    [`${architecture}.rope.dimension_sections`]: [11, 11, 10, 0],
  }),
};

/** Innermost length last; one length is a vector of F32. */
const tensors = [
  ["token_embd.weight", [vocab[architecture], hidden]],
  ...Array.from({ length: layers }, (_, n) => layer(n)).flat(),
  ...(flags.mtp ? mtpLayer(layers) : []),
  ["output_norm.weight", [hidden]],
  ...(tied ? [] : [["output.weight", [vocab[architecture], hidden]]]),
];

function layer(n) {
  return keyHeads && (n + 1) % interval !== 0 ? deltaLayer(n) : attentionLayer(n);
}

function mtpLayer(n) {
  const norms = ["enorm", "hnorm", "shared_head_norm"].map((to) => [`blk.${n}.nextn.${to}.weight`, [hidden]]);
  return [...attentionLayer(n), [`blk.${n}.nextn.eh_proj.weight`, [hidden, 2 * hidden]], ...norms];
}

function attentionLayer(n) {
  const attention = [
    ["attn_norm.weight", [hidden]],
    ["attn_q.weight", [heads * headDim * (keyHeads ? 2 : 1), hidden]],
    ["attn_k.weight", [kvHeads * headDim, hidden]],
    ["attn_v.weight", [kvHeads * headDim, hidden]],
    ["attn_output.weight", [hidden, heads * headDim]],
    [keyHeads ? "post_attention_norm.weight" : "ffn_norm.weight", [hidden]],
  ];
  const own =
    architecture === "qwen2"
      ? ["attn_q", "attn_k", "attn_v"].map((to, i) => [`${to}.bias`, [(i ? kvHeads : heads) * headDim]])
      : ["attn_q_norm", "attn_k_norm"].map((to) => [`${to}.weight`, [headDim]]);
  const stack = experts ? [experts] : [];
  const suffix = experts ? "_exps" : "";
  const feedForward = [
    ...(experts ? [["ffn_gate_inp.weight", [experts, hidden]]] : []),
    [`ffn_gate${suffix}.weight`, [...stack, mlp, hidden]],
    [`ffn_up${suffix}.weight`, [...stack, mlp, hidden]],
    [`ffn_down${suffix}.weight`, [...stack, hidden, mlp]],
  ];
  return [...attention, ...own, ...feedForward].map(([to, lengths]) => [`blk.${n}.${to}`, lengths]);
}

function deltaLayer(n) {
  const values = valueHeads * deltaDim;
  const channels = 2 * keyHeads * deltaDim + values;
  return [
    ["attn_norm.weight", [hidden]],
    ["attn_qkv.weight", [channels, hidden]],
    ["attn_gate.weight", [values, hidden]],
    ["ssm_alpha.weight", [valueHeads, hidden]],
    ["ssm_beta.weight", [valueHeads, hidden]],
    ["ssm_conv1d.weight", [channels, taps]],
    ["ssm_a", [valueHeads]],
    ["ssm_dt.bias", [valueHeads]],
    ["ssm_norm.weight", [deltaDim]],
    ["ssm_out.weight", [hidden, values]],
    ["post_attention_norm.weight", [hidden]],
    ["ffn_gate.weight", [mlp, hidden]],
    ["ffn_up.weight", [mlp, hidden]],
    ["ffn_down.weight", [hidden, mlp]],
  ].map(([to, lengths]) => [`blk.${n}.${to}`, lengths]);
}

const isFloat = (to, lengths) => lengths.length === 1 || to.endsWith("conv1d.weight");
const elements = (lengths) => lengths.reduce((a, b) => a * b, 1);
const byteLength = (to, lengths) => (isFloat(to, lengths) ? 4 * elements(lengths) : (elements(lengths) / 32) * 18);
const padding = (bytes) => -bytes & 31;

function header() {
  const parts = [];
  const u32 = (value) => parts.push(Buffer.from(Uint32Array.of(value).buffer));
  const u64 = (value) => parts.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer));
  const text = (value) => {
    u64(Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  };
  parts.push(Buffer.from("GGUF"));
  u32(3);
  u64(tensors.length);
  u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    text(key);
    u32(typeof value === "string" ? 8 : Array.isArray(value) ? 9 : 4);
    if (typeof value === "string") text(value);
    else if (Array.isArray(value)) {
      u32(5); // i32
      u64(value.length);
      for (const each of value) u32(each);
    } else u32(value);
  }
  let offset = 0;
  for (const [to, lengths] of tensors) {
    text(to);
    u32(lengths.length);
    for (const length of lengths.toReversed()) u64(length);
    u32(isFloat(to, lengths) ? 0 : 2); // F32, Q4_0
    u64(offset);
    offset += byteLength(to, lengths) + padding(byteLength(to, lengths));
  }
  return Buffer.concat(parts);
}

let seed = 1;
/** xorshift32: the same file every time. */
function random() {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return seed >>> 0;
}

const poolBlocks = 1 << 19;
const pools = new Map();
/** 9 MiB of blocks for rows of `k`: nibbles at random, and scales of 0.5 to 1.5 times what gives outputs of unit size, of either sign,
 *  since nibbles mean -8 to 7. */
function poolFor(k) {
  let pool = pools.get(k);
  if (!pool) {
    pool = Buffer.alloc(18 * poolBlocks);
    for (let at = 0; at < pool.length; at += 18) {
      const scale = half((0.5 + random() / 2 ** 32) / (4.6 * Math.sqrt(k)));
      pool.writeUInt16LE(scale | (random() & 0x8000), at);
      for (let n = 2; n < 18; n += 4) pool.writeUInt32LE(random(), at + n);
    }
    pools.set(k, pool);
  }
  return pool;
}

/** A normal f16, cut off. */
function half(value) {
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.floor((value / 2 ** exponent - 1) * 1024);
}

function* bytesOf(to, lengths) {
  if (isFloat(to, lengths)) {
    const value = to.endsWith(".bias") ? 0 : to.endsWith("ssm_a") ? -0.05 : to.endsWith("conv1d.weight") ? 0.5 : 1;
    yield Buffer.from(new Float32Array(elements(lengths)).fill(value).buffer);
    return;
  }
  const pool = poolFor(lengths.at(-1));
  for (let left = byteLength(to, lengths); left > 0; ) {
    const from = 18 * (random() % poolBlocks);
    const piece = pool.subarray(from, from + Math.min(left, pool.length - from));
    left -= piece.length;
    yield piece;
  }
}

const file = createWriteStream(out);
async function write(bytes) {
  if (bytes.length > 0 && !file.write(bytes)) await once(file, "drain");
}
const head = header();
await write(head);
await write(Buffer.alloc(padding(head.length)));
for (const [to, lengths] of tensors) {
  for (const piece of bytesOf(to, lengths)) await write(piece);
  await write(Buffer.alloc(padding(byteLength(to, lengths))));
}
file.end();
await once(file, "finish");
console.log(`${out}: ${(file.bytesWritten / 2 ** 30).toFixed(2)} GiB, ${tensors.length} tensors`);
