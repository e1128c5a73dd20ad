// Most memory that the process held (VmHWM) over a prompt and an answer, beside llama.cpp's on the same work.
// Usage: node bench/memory.mjs [--runs 3] [--model FILE] [--prompt 512] [--generate 128] [--threads 2]

import { statSync } from "node:fs";
import { basename } from "node:path";
import { benchAnyqwen, emit, figure, interleave, llamaBench, models, readOptions } from "./support/common.mjs";

const { runs, model: given, ...sizes } = readOptions({ runs: 3, model: "", prompt: 512, generate: 128, threads: 2 });
const figures = [];
for (const model of models(given, "q4_k_m")) {
  const peer = llamaBench(model, sizes);
  const [ours, theirs] = await interleave(runs, [() => benchAnyqwen(model, sizes), ...(peer ? [peer] : [])]);
  const mebibytes = (run) => run.peakBytes / 2 ** 20;
  figures.push(
    figure({
      name: "peak memory",
      model: basename(model),
      unit: "MiB",
      better: "less",
      ours: ours.map(mebibytes),
      besideName: "llama.cpp",
      beside: theirs?.map(mebibytes),
      more: { fileMiB: Math.round(statSync(model).size / 2 ** 20) },
    }),
  );
}
emit("memory", figures, { threads: sizes.threads });
