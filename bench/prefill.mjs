// Tokens per second of a prompt (pp512) beside llama.cpp's on the same file.
// Usage: node bench/prefill.mjs [--runs 5] [--model FILE] [--prompt 512] [--threads 2]

import { basename } from "node:path";
import { benchAnyqwen, emit, figure, interleave, llamaBench, models, readOptions } from "./support/common.mjs";

const { runs, model: given, prompt, threads } = readOptions({ runs: 5, model: "", prompt: 512, threads: 2 });
const figures = [];
for (const model of models(given, "q4_k_m", "q4_0", "q8_0")) {
  const sizes = { prompt, threads };
  const peer = llamaBench(model, sizes);
  const [ours, theirs] = await interleave(runs, [() => benchAnyqwen(model, sizes), ...(peer ? [peer] : [])]);
  figures.push(
    figure({
      name: `prefill pp${prompt}`,
      model: basename(model),
      unit: "tokens/s",
      better: "more",
      ours: ours.map((run) => run.prompt.tokensPerSecond),
      besideName: "llama.cpp",
      beside: theirs?.map((run) => run.prompt),
    }),
  );
}
emit("prefill", figures, { threads });
