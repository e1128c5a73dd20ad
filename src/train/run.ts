// A run from the first byte to the last: reads data and model, checks memory, trains, writes checkpoints, the log and the result.
// It lives in the worker (worker.ts); events go out through `tell`.

import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BoundWeight } from "../core/device.ts";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { TrainingExecutor, TrainingOptions, TrainingProgram } from "../core/training.ts";
import type { Keep } from "../core/vjp.ts";
import { wasmTraining } from "../devices/wasm/training/device.ts";
import { openFiles } from "../engine/files.ts";
import { defaultThreads, machineMemory } from "../engine/machine.ts";
import type { Adapter } from "../formats/adapter.ts";
import { dequantise } from "../formats/dequantise.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { readPeftAdapter } from "../formats/peft-adapter.ts";
import { Batches, passesOf, supervisedTokens } from "./batches.ts";
import { checkpointFile, type RunState, restoreCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { logFile, TrainLog } from "./log-file.ts";
import { openTrainable, type Trainable } from "./model.ts";
import { writeResult } from "./output.ts";
import { parsePretokenised } from "./pretokenised.ts";
import { rateFactor } from "./schedule.ts";
import { resolveSettings, type Settings } from "./settings.ts";
import type { TrainEvent, TrainingExample, TrainOptions, TrainResult } from "./types.ts";

export interface RunContext {
  readonly signal: AbortSignal;
  readonly tell: (event: TrainEvent) => void;
}

/** Most tokens of a pass; a batch of more is computed in several. */
const mostTokens = 4096;

export async function runTraining(options: TrainOptions, context: RunContext): Promise<TrainResult> {
  const { signal, tell } = context;
  const settings = resolveSettings(options);
  const start = options.initAdapter ? await readPeftAdapter(await nodeFiles(options.initAdapter)) : undefined;
  const files = await openFiles(options.model, {
    offline: options.offline,
    signal,
    onProgress: ({ bytes, totalBytes, file }) => tell({ kind: "loading", bytes, totalBytes, file }),
  });
  await using model = closing(await openTrainable(files, options, start));
  const text = await readFile(options.data, "utf8").catch((cause) => {
    throw new AnyqwenError("not-found", `${options.data}: cannot be read: ${(cause as Error).message}`, { cause });
  });
  const { vocabSize: vocab, maxPositions: positions } = model.config;
  const examples = parsePretokenised(text, options.data, { vocab, positions });
  await mkdir(options.out, { recursive: true }).catch((cause) => {
    throw new AnyqwenError("io", `${options.out}: cannot be made: ${(cause as Error).message}`, { cause });
  });
  const batches = new Batches(examples, settings.batchSize, settings.seed, settings.shuffle);
  const { program, load, maxTokens } = await chooseFit(model, batches, examples, settings, context);
  const executor = await load();
  try {
    model.initialise(executor);
    const steps = settings.steps ?? Math.ceil((batches.perEpoch * settings.epochs) / settings.accumulate);
    const run = { options, settings, model, program, executor, batches, maxTokens, steps, start };
    return await train(run, await fingerprint(run, text), examples.length, context);
  } finally {
    executor.dispose();
  }
}

interface Run {
  readonly options: TrainOptions;
  readonly settings: Settings;
  readonly model: Trainable;
  readonly program: TrainingProgram;
  readonly executor: TrainingExecutor;
  readonly batches: Batches;
  readonly maxTokens: number;
  readonly steps: number;
  readonly start: Adapter | undefined;
}

async function train(run: Run, asked: string, examples: number, { signal, tell }: RunContext): Promise<TrainResult> {
  const { options, settings, executor, program, steps } = run;
  const path = join(options.out, checkpointFile);
  let state: RunState = { step: 0, tokens: 0, firstLoss: Number.NaN, asked };
  if (options.resume) state = await restoreCheckpoint(path, executor, program, asked);
  await using log = await TrainLog.open(join(options.out, logFile), state.step);
  const { memoryBytes } = executor;
  const trainedParameters = program.trainable.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  tell({ kind: "begin", steps, done: state.step, examples, trainedParameters, memoryBytes });
  const save = async () => {
    await saveCheckpoint(path, executor, program, state);
    tell({ kind: "saved", step: state.step });
  };
  const [began, tokensBefore] = [performance.now(), state.tokens];
  const rate = () => ((state.tokens - tokensBefore) * 1000) / Math.max(1, performance.now() - began);
  let lastLoss = Number.NaN;
  while (state.step < steps) {
    await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
    if (signal.aborted) {
      await save();
      throwIfAborted(signal);
    }
    const step = state.step + 1;
    const { loss, tokens, gradientNorm } = gradientsOf(run, step);
    lastLoss = loss;
    const learningRate = settings.learningRate * rateFactor(settings.schedule, step, steps, settings.warmup);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw diverged(step, loss, options.out);
    const gradientScale = settings.clip > 0 ? Math.min(1, settings.clip / (gradientNorm + 1e-6)) : 1;
    const { beta1, beta2, epsilon, weightDecay } = settings;
    executor.update({ step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale });
    const firstLoss = step === 1 ? loss : state.firstLoss;
    state = { ...state, step, firstLoss, tokens: state.tokens + tokens };
    const record = { step, loss, learningRate, gradientNorm, tokens: state.tokens };
    await log.add(record);
    tell({ kind: "step", ...record, memoryBytes, tokensPerSecond: rate() });
    if (step % settings.saveEvery === 0 && step < steps) await save();
  }
  const files = await writeResult(options, run.model, program, executor);
  await rm(path, { force: true });
  const seconds = (performance.now() - began) / 1000;
  const { firstLoss } = state;
  return { steps, firstLoss, lastLoss, seconds, tokensPerSecond: rate(), memoryBytes, files: [...files, logFile] };
}

/** Gradients of the mean loss over the supervised tokens of all batches of an update. */
function gradientsOf({ executor, batches, settings, maxTokens }: Run, step: number) {
  const { accumulate } = settings;
  const examples: TrainingExample[] = [];
  for (let n = 1; n <= accumulate; n++) examples.push(...batches.at((step - 1) * accumulate + n));
  const supervised = supervisedTokens(examples);
  executor.clearGradients();
  let sum = 0;
  for (const pass of passesOf(examples, maxTokens)) sum += executor.accumulate(pass, 1 / supervised);
  const tokens = examples.reduce((count, { input_ids }) => count + input_ids.length, 0);
  return { loss: sum / supervised, tokens, gradientNorm: executor.gradientNorm() };
}

/** The quickest way to train that this machine has memory for: what is kept, and how many tokens a pass holds. */
async function chooseFit(
  model: Trainable,
  batches: Batches,
  examples: readonly TrainingExample[],
  settings: Settings,
  { signal, tell }: RunContext,
) {
  const longest = examples.reduce((most, { input_ids }) => Math.max(most, input_ids.length), 0);
  const device = wasmTraining(dequantise);
  const threads = settings.threads ?? (await defaultThreads());
  const memory = await machineMemory();
  const room = Math.min(memory?.bytes ?? Number.POSITIVE_INFINITY, 2 ** 32 - 2 ** 16);
  const most = Math.max(longest, Math.min(batches.mostTokens * settings.accumulate, mostTokens));
  const optionsFor = (maxTokens: number): TrainingOptions => ({
    maxTokens,
    threads,
    exact: settings.exact,
    signal,
    onProgress: (bytes, totalBytes) => tell({ kind: "loading", bytes, totalBytes }),
  });
  let least = 0;
  for (const keep of ["most", "residuals"] as const satisfies readonly Keep[]) {
    const program = model.program(keep);
    for (let tokens = most; tokens >= longest; tokens = tokens === longest ? 0 : Math.max(longest, tokens >> 1)) {
      const options = optionsFor(tokens);
      least = device.memoryBytes(program, model.weights, options);
      if (least > room) continue;
      return { program, maxTokens: tokens, load: () => device.load(program, model.weights, options) };
    }
  }
  throw tooLarge(least, room, longest, memory?.what, model.weights);
}

function tooLarge(
  bytes: number,
  room: number,
  longest: number,
  what: string | undefined,
  weights: readonly BoundWeight[],
): AnyqwenError {
  const mebibytes = (n: number) => `${Math.ceil(n / 2 ** 20)} MiB`;
  const why = room >= 2 ** 32 - 2 ** 16 ? "one WebAssembly memory holds" : what;
  const advice = weights.some(({ parts }) => parts.some(({ type }) => type.includes("F")))
    ? "train an adapter on a base in fewer bits (lora with quantize q8 or q4), or cut the examples"
    : "take a smaller base, or cut the examples";
  return new AnyqwenError(
    "out-of-memory",
    `training needs at least ${mebibytes(bytes)} for examples of ${longest} tokens, more than the ${mebibytes(room)} that ${why}; ${advice}`,
  );
}

function diverged(step: number, loss: number, out: string): AnyqwenError {
  return new AnyqwenError(
    "invalid-argument",
    `step ${step}: the loss is ${loss}: training diverged; start again with a lower learning rate, or resume from the last ` +
      `checkpoint in ${out}, which is as it was`,
  );
}

/** What a run must be asked for again to go on bit for bit. */
async function fingerprint({ options, settings, steps, program }: Run, text: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  const data = createHash("sha256").update(text).digest("hex");
  const { threads, saveEvery, ...rest } = settings;
  const { model, quantize = null, initAdapter = null } = options;
  const trained = program.trainable.map(({ name, shape }) => `${name} ${shape}`).join("\n");
  const weights = createHash("sha256").update(trained).digest("hex");
  return JSON.stringify({ model, quantize, initAdapter, ...rest, steps, data, weights });
}

function closing(model: Trainable): Trainable & AsyncDisposable {
  return Object.assign(model, { [Symbol.asyncDispose]: () => model.close() });
}
