// anyqwen bench MODEL: tokens per second of prompt and answer, beside the limit that memory bandwidth sets, and peak memory.

import type { Command } from "commander";
import pc from "picocolors";
import { type BenchResult, type Inspection, inspect, type ModelInfo, type OracleResult } from "../api.ts";
import { type CommandModule, decimal, examples, integer } from "./shared/command.ts";
import { interruptSignal, UsageError } from "./shared/exit.ts";
import { contextFor, loadOptions, type ModelFlags, modelOptions, withModel } from "./shared/model.ts";
import { formatBytes, note, print, printJson, table } from "./shared/output.ts";

interface BenchFlags extends ModelFlags {
  readonly prompt: number;
  readonly generate: number;
  readonly depth: number;
  readonly repeat: number;
  readonly oracleAcceptance?: number;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file")
    .option("-p, --prompt <tokens>", "tokens of prompt, 0 for none", integer(0), 512)
    .option("-g, --generate <tokens>", "tokens to generate, 0 for none", integer(0), 128)
    .option("--depth <tokens>", "tokens held before either is measured", integer(0), 0)
    .option("-r, --repeat <n>", "how often; medians are printed", integer(1), 5)
    .option(
      "--oracle-acceptance <share>",
      "also an answer with drafts of the MTP layer of which this share, 0 to 1, is right, beside one without",
      decimal(0, 1),
    );
  modelOptions(command).option("--json", "print one line of JSON");
  examples(
    command,
    ["The usual figures", "bench qwen3:0.6b"],
    ["One thread against two", "bench ./model.gguf --threads 1 --repeat 3"],
    ["What drafts are worth when all of them hold", "bench ./qwen3.5.gguf --prompt 0 --oracle-acceptance 1"],
    ["With a full context", "bench ./model.gguf --depth 8192 --prompt 0 --generate 64"],
  );
  command.action(async (model: string, flags: BenchFlags) => {
    const { prompt, generate, depth, repeat, oracleAcceptance } = flags;
    if (prompt === 0 && generate === 0) throw new UsageError("nothing to measure: --prompt and --generate are both 0");
    const signal = interruptSignal();
    const needed = depth + Math.max(prompt, generate) + 1;
    const contextTokens = contextFor(needed, "--depth and the longer of --prompt and --generate", flags);
    const plan = await inspect(model, { ...loadOptions(flags), contextTokens });
    const began = performance.now();
    const options = { ...loadOptions(flags), contextTokens, outputs: "logits", signal } as const;
    const report = await withModel(model, options, async (qwen) => {
      const loadMs = performance.now() - began;
      note(pc.dim(`measuring ${repeat + 1} rounds of ${prompt} + ${generate} tokens; the first does not count`));
      const result = await qwen.bench({ prompt, generate, depth, repeat, oracleAcceptance, signal });
      return { ...reportOf(model, flags, await qwen.details(), result, plan), loadMs: Math.round(loadMs) };
    });
    if (flags.json) printJson(report);
    else show(report);
  });
};

type Report = ReturnType<typeof reportOf> & { readonly loadMs: number };

function reportOf(model: string, flags: BenchFlags, info: ModelInfo, result: BenchResult, plan: Inspection) {
  const { prompt, generate, depth, repeat } = flags;
  // A token in the middle of the answer reads the keys and values of all before it.
  const kvBytes = Math.round(plan.memory.kvBytesPerPosition * (depth + generate / 2));
  // A recurrent state is read and written.
  const { stateBytes, states } = plan.memory;
  const stateTraffic = states > 0 ? (2 * stateBytes) / states : 0;
  const bytesPerToken = Math.round(info.weightBytesPerToken) + kvBytes + stateTraffic;
  const answer = figure(result.decodePerSecond);
  const limit = result.readBandwidth ? result.readBandwidth / bytesPerToken : undefined;
  return {
    model,
    node: process.version,
    device: info.device,
    threads: info.threads,
    kv: info.kv,
    identity: info.identity,
    prompt: { tokens: prompt, depth, ...figure(result.promptPerSecond) },
    generate: { tokens: generate, depth, ...answer },
    repeat,
    ...(result.oracle && { oracle: oracleReport(result.oracle) }),
    weightBytes: info.weightBytes,
    weightBytesPerToken: info.weightBytesPerToken,
    kvBytesPerToken: kvBytes,
    stateBytesPerToken: stateTraffic,
    bytesPerToken,
    // What decoding cannot beat: tokens per second if it did nothing but read.
    readBandwidth: result.readBandwidth,
    limitTokensPerSecond: limit,
    shareOfLimit: limit && answer.tokensPerSecond && answer.tokensPerSecond / limit,
    memoryBytes: info.memoryBytes,
    // Of the whole process, as the operating system saw it; Node gives KiB.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function oracleReport({ acceptance, plainPerSecond, draftedPerSecond, drafted, accepted }: OracleResult) {
  const [plain, sped] = [figure(plainPerSecond), figure(draftedPerSecond)];
  const ratio = plain.tokensPerSecond && sped.tokensPerSecond && sped.tokensPerSecond / plain.tokensPerSecond;
  return { acceptance, plain, drafts: sped, ratio, drafted, accepted };
}

function figure(perSecond: readonly number[]) {
  return { tokensPerSecond: median(perSecond), runs: perSecond };
}

/** The middle value, or the mean of the two; undefined of none. */
function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function show(report: Report): void {
  const rows = (["prompt", "generate"] as const).flatMap((kind) => {
    const { tokens, depth, tokensPerSecond, runs } = report[kind];
    if (tokensPerSecond === undefined) return [];
    const spread = `${Math.min(...runs).toFixed(1)} to ${Math.max(...runs).toFixed(1)}`;
    return [[kind, String(tokens), String(depth), tokensPerSecond.toFixed(1), spread]];
  });
  const right = "right" as const;
  print(
    table(
      [
        { title: "TEST" },
        { title: "TOKENS", align: right },
        { title: "DEPTH", align: right },
        { title: "TOKENS/S", align: right },
        { title: "RUNS" },
      ],
      rows,
    ),
  );
  if (report.oracle?.ratio) {
    const { acceptance, plain, drafts, ratio, drafted, accepted } = report.oracle;
    print(
      `drafts, of which a share of ${acceptance} is right: ${drafts.tokensPerSecond?.toFixed(1)} tokens/s, without ` +
        `${plain.tokensPerSecond?.toFixed(1)}: ${ratio.toFixed(2)}x; ${accepted} of ${drafted} held`,
    );
  }
  const { readBandwidth, limitTokensPerSecond, shareOfLimit } = report;
  if (readBandwidth && limitTokensPerSecond) {
    print(
      `limit ${limitTokensPerSecond.toFixed(1)} tokens/s (memory reads at ${(readBandwidth / 1e9).toFixed(1)} GB/s)` +
        (shareOfLimit ? `, ${(shareOfLimit * 100).toFixed(0)}% of it reached` : ""),
    );
  }
  print(
    `${report.device}, ${report.threads} thread${report.threads === 1 ? "" : "s"}, ${report.identity}, KV ${report.kv}; ` +
      `${formatBytes(report.bytesPerToken)} read per token, ${formatBytes(report.kvBytesPerToken)} of it keys and values` +
      `${report.stateBytesPerToken > 0 ? `, ${formatBytes(report.stateBytesPerToken)} recurrent state, read and written` : ""}; ` +
      `peak memory ${formatBytes(report.peakMemoryBytes)}; loaded in ${(report.loadMs / 1000).toFixed(2)} s`,
  );
}
