// Decoding with a long context held, beside a short one. A round takes minutes: the context is prefilled twice.
// Usage: node bench/depth.mjs [--runs 3] [--model FILE] [--depth 8192] [--beside 128] [--generate 64] [--threads 2]

import { basename } from "node:path";
import { benchAnyqwen, emit, figure, interleave, models, readOptions } from "./support/common.mjs";

const defaults = { runs: 3, model: "", depth: 8192, beside: 128, generate: 64, threads: 2 };
const { runs, model: given, depth, beside, generate, threads } = readOptions(defaults);
const [model] = models(given, "q4_k_m");
const at = (held) => async () =>
  (await benchAnyqwen(model, { depth: held, generate, threads })).generate.tokensPerSecond;
const [deep, shallow] = await interleave(runs, [at(depth), at(beside)]);
const facts = { name: `decode with ${depth} tokens held`, model: basename(model), unit: "tokens/s", better: "more" };
emit("depth", [figure({ ...facts, ours: deep, besideName: `with ${beside} held`, beside: shallow })], { threads });
