// A run from the first byte to the last: reads data and model, checks memory, trains, writes checkpoints, the log and the result.
// It lives in the worker (worker.ts); events go out through `tell`.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { TrainingExecutor, TrainingProgram } from "../core/training.ts";
import { openFiles } from "../engine/files.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { readPeftAdapter } from "../formats/peft-adapter.ts";
import { Batches, passesOf } from "./batches.ts";
import { checkpointFile, type RunState, restoreCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { loadData } from "./data/load-data.ts";
import { partsOf, type TrainingExample, tokensOf } from "./data/types.ts";
import { chooseFit, type RunContext } from "./fit.ts";
import { logFile, TrainLog } from "./log-file.ts";
import { openTrainable, type Trainable } from "./model.ts";
import type { Objective } from "./objectives/objective.ts";
import { planObjective } from "./objectives/open.ts";
import { writeResult } from "./output.ts";
import { rateFactor } from "./schedule.ts";
import { resolveSettings, type Settings } from "./settings.ts";
import type { TrainOptions, TrainResult } from "./types.ts";

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
  const { training, validation, broken } = await loadData(options, model);
  tell({ kind: "data", examples: training.length, validation: validation.length, broken });
  await mkdir(options.out, { recursive: true }).catch((cause) => {
    throw new AnyqwenError("io", `${options.out}: cannot be made: ${(cause as Error).message}`, { cause });
  });
  const batches = new Batches(training, settings.batchSize, settings.seed, settings.shuffle);
  const longest = [...training, ...validation].reduce((most, example) => Math.max(most, tokensOf(example)), 0);
  await using plan = await planObjective(options, settings, model, context);
  const fit = await chooseFit(model, batches, longest, plan.memoryBytes(longest), settings, context);
  const { program, maxTokens } = fit;
  const executor = await fit.load();
  let objective: Objective | undefined;
  try {
    const steps = settings.steps ?? Math.ceil((batches.perEpoch * settings.epochs) / settings.accumulate);
    const seen = [...batches.first(steps * settings.accumulate), ...validation];
    objective = await plan.begin({ executor, maxTokens, ...settings }, seen);
    model.initialise(executor);
    const run = { options, settings, model, program, executor, objective, batches, validation, maxTokens, steps };
    return await train(run, await fingerprint(run, training), context);
  } finally {
    objective?.close();
    executor.dispose();
  }
}

interface Run {
  readonly options: TrainOptions;
  readonly settings: Settings;
  readonly model: Trainable;
  readonly program: TrainingProgram;
  readonly executor: TrainingExecutor;
  readonly objective: Objective;
  readonly batches: Batches;
  readonly validation: readonly TrainingExample[];
  readonly maxTokens: number;
  readonly steps: number;
}

async function train(run: Run, asked: string, { signal, tell }: RunContext): Promise<TrainResult> {
  const { options, settings, executor, objective, program, steps } = run;
  const path = join(options.out, checkpointFile);
  let state: RunState = { step: 0, tokens: 0, firstLoss: Number.NaN, asked };
  if (options.resume) state = await restoreCheckpoint(path, executor, program, asked);
  await using log = await TrainLog.open(join(options.out, logFile), state.step);
  const memoryBytes = executor.memoryBytes + objective.memoryBytes;
  const trainedParameters = program.trainable.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  tell({ kind: "begin", steps, done: state.step, trainedParameters, memoryBytes });
  const save = async () => {
    await saveCheckpoint(path, executor, program, state);
    tell({ kind: "saved", step: state.step });
  };
  const [began, tokensBefore] = [performance.now(), state.tokens];
  const rate = () => ((state.tokens - tokensBefore) * 1000) / Math.max(1, performance.now() - began);
  const validateEvery = settings.validateEvery ?? Math.ceil(steps / 10);
  let lastLoss = Number.NaN;
  let validationLoss: number | undefined;
  while (state.step < steps) {
    await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
    if (signal.aborted) {
      await save();
      throwIfAborted(signal);
    }
    const step = state.step + 1;
    const { figures, tokens, gradientNorm } = gradientsOf(run, step);
    const { loss } = figures;
    lastLoss = loss;
    const learningRate = settings.learningRate * rateFactor(settings.schedule, step, steps, settings.warmup);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw diverged(step, loss, options.out);
    const gradientScale = settings.clip > 0 ? Math.min(1, settings.clip / (gradientNorm + 1e-6)) : 1;
    const { beta1, beta2, epsilon, weightDecay } = settings;
    executor.update({ step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale });
    const firstLoss = step === 1 ? loss : state.firstLoss;
    state = { ...state, step, firstLoss, tokens: state.tokens + tokens };
    if (step % validateEvery === 0 || step === steps) validationLoss = await validate(run, signal);
    else validationLoss = undefined;
    const measured = validationLoss === undefined ? {} : { validation_loss: validationLoss };
    const record = { step, ...figures, learningRate, gradientNorm, tokens: state.tokens, ...measured };
    await log.add(record);
    tell({ kind: "step", ...record, memoryBytes, tokensPerSecond: rate() });
    if (step % settings.saveEvery === 0 && step < steps) await save();
  }
  const files = await writeResult(options, run.model, program, executor);
  await rm(path, { force: true });
  const seconds = (performance.now() - began) / 1000;
  const { firstLoss } = state;
  const figures = { seconds, tokensPerSecond: rate(), memoryBytes };
  const losses = { firstLoss, lastLoss, ...(validationLoss !== undefined && { validationLoss }) };
  return { steps, ...losses, ...figures, files: [...files, logFile] };
}

/** Mean loss over the validation examples; undefined where there are none, or when `signal` fires before all are computed. */
async function validate({ objective, validation, maxTokens }: Run, signal: AbortSignal): Promise<number | undefined> {
  if (validation.length === 0) return undefined;
  let [sum, count] = [0, 0];
  for (const pass of passesOf(validation, maxTokens)) {
    await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
    if (signal.aborted) return undefined;
    const measured = objective.measure(pass);
    sum += measured.sum;
    count += measured.count;
  }
  return sum / count;
}

/** Gradients of the mean loss over all batches of an update. */
function gradientsOf({ executor, objective, batches, settings }: Run, step: number) {
  const { accumulate } = settings;
  const examples: TrainingExample[] = [];
  for (let n = 1; n <= accumulate; n++) examples.push(...batches.at((step - 1) * accumulate + n));
  executor.clearGradients();
  const figures = objective.accumulate(examples, step);
  const tokens = examples.reduce((count, example) => count + tokensOf(example), 0);
  return { figures, tokens, gradientNorm: executor.gradientNorm() };
}

function diverged(step: number, loss: number, out: string): AnyqwenError {
  return new AnyqwenError(
    "invalid-argument",
    `step ${step}: the loss is ${loss}: training diverged; start again with a lower learning rate, or resume from the last ` +
      `checkpoint in ${out}, which is as it was`,
  );
}

/** What a run must be asked for again to go on bit for bit. */
async function fingerprint(
  { options, settings, steps, program }: Run,
  examples: readonly TrainingExample[],
): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  for (const { input_ids, labels } of examples.flatMap(partsOf)) {
    for (const ids of [input_ids, labels]) hash.update(Int32Array.of(ids.length)).update(Int32Array.from(ids));
  }
  const data = hash.digest("hex");
  const { threads, saveEvery, validateEvery, ...rest } = settings;
  const { model, quantize = null, initAdapter = null } = options;
  const trained = program.trainable.map(({ name, shape }) => `${name} ${shape}`).join("\n");
  const weights = createHash("sha256").update(trained).digest("hex");
  return JSON.stringify({ model, quantize, initAdapter, ...rest, steps, data, weights });
}

function closing(model: Trainable): Trainable & AsyncDisposable {
  return Object.assign(model, { [Symbol.asyncDispose]: () => model.close() });
}
