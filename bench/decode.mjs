// Tokens per second of generation (tg128) beside llama.cpp's on the same file, and the share of the limit that reading memory sets.
// Usage: node bench/decode.mjs [--runs 5] [--model FILE] [--generate 128] [--threads 2]

import { basename } from "node:path";
import { benchAnyqwen, emit, figure, interleave, llamaBench, models, readOptions, stats } from "./support/common.mjs";

const { runs, model: given, generate, threads } = readOptions({ runs: 5, model: "", generate: 128, threads: 2 });
const figures = [];
for (const model of models(given, "q4_k_m", "q4_0", "q8_0")) {
  const sizes = { generate, threads };
  const peer = llamaBench(model, sizes);
  const [ours, theirs] = await interleave(runs, [() => benchAnyqwen(model, sizes), ...(peer ? [peer] : [])]);
  figures.push(
    figure({
      name: `decode tg${generate}`,
      model: basename(model),
      unit: "tokens/s",
      better: "more",
      ours: ours.map((run) => run.generate.tokensPerSecond),
      besideName: "llama.cpp",
      beside: theirs?.map((run) => run.generate),
      more: {
        limit: stats(ours.map((run) => run.limitTokensPerSecond)),
        shareOfLimit: stats(ours.map((run) => run.shareOfLimit)),
        bytesPerToken: ours[0].bytesPerToken,
        identity: ours[0].identity,
      },
    }),
  );
}
emit("decode", figures, { threads });
