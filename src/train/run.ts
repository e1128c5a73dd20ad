// A run from the first byte to the last: reads data and model, checks memory, trains, writes checkpoints, the log and the result.
// It lives in the worker (worker.ts); events go out through `tell`.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { TrainingExecutor, TrainingProgram } from "../core/training.ts";
import { openFiles } from "../engine/files.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { readPeftAdapter } from "../formats/peft-adapter.ts";
import { Batches } from "./batches.ts";
import { bestOf, checkBest, restoreBest } from "./best.ts";
import { bestFile, checkpointFile, type RunState, restoreCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { loadData } from "./data/load-data.ts";
import { partsOf, type TrainingExample, tokensOf } from "./data/types.ts";
import { chooseFit, type RunContext } from "./fit.ts";
import { logFile, TrainLog } from "./log-file.ts";
import { writeCurve } from "./loss-svg.ts";
import { type Measures, measure } from "./measure.ts";
import { openTrainable, type Trainable } from "./model.ts";
import type { Objective } from "./objectives/objective.ts";
import { planObjective } from "./objectives/open.ts";
import { makeFolder, writeResult } from "./output.ts";
import { sampleLength, samplePrompts } from "./sample-prompts.ts";
import { Sampler } from "./samples.ts";
import { rateFactor } from "./schedule.ts";
import { resolveSettings, type Settings } from "./settings.ts";
import type { StepRecord, TrainOptions, TrainResult } from "./types.ts";

export async function runTraining(options: TrainOptions, context: RunContext): Promise<TrainResult> {
  const { signal, tell } = context;
  const settings = resolveSettings(options);
  await makeFolder(options.out);
  const start = options.initAdapter ? await readPeftAdapter(await nodeFiles(options.initAdapter)) : undefined;
  const files = await openFiles(options.model, {
    offline: options.offline,
    signal,
    onProgress: ({ bytes, totalBytes, file }) => tell({ kind: "loading", bytes, totalBytes, file }),
  });
  await using model = closing(await openTrainable(files, options, start));
  const { training, validation, broken } = await loadData(options, model);
  tell({ kind: "data", examples: training.length, validation: validation.length, broken });
  const prompts = await samplePrompts(options, model, validation);
  const batches = new Batches(training, settings.batchSize, settings.seed, settings.shuffle);
  const longest = [...training, ...validation].reduce((most, example) => Math.max(most, tokensOf(example)), 0);
  const sampled = sampleLength(prompts, settings.sampleTokens, model.config.maxPositions);
  await using plan = await planObjective(options, settings, model, context);
  const fit = await chooseFit(model, batches, { longest, sampled }, plan.memoryBytes(longest), settings, context);
  const { program, load, maxTokens, passTokens } = fit;
  const executor = await load();
  let objective: Objective | undefined;
  try {
    const steps = settings.steps ?? Math.ceil((batches.perEpoch * settings.epochs) / settings.accumulate);
    const seen = [...batches.first(steps * settings.accumulate), ...validation];
    objective = await plan.begin({ executor, maxTokens, ...settings }, seen);
    model.initialise(executor);
    const often = Math.ceil(steps / 10);
    const limits = { tokens: settings.sampleTokens, passTokens, positions: model.config.maxPositions };
    const sampling = prompts && {
      sampler: new Sampler(executor, prompts, limits),
      every: settings.sampleEvery ?? often,
    };
    const validateEvery = settings.validateEvery ?? often;
    const measures = { objective, validation, maxTokens, validateEvery, sampling };
    const run = { options, settings, model, program, executor, objective, batches, measures, steps };
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
  readonly measures: Measures;
  readonly steps: number;
}

async function train(run: Run, asked: string, { signal, tell }: RunContext): Promise<TrainResult> {
  const { options, settings, executor, objective, program, steps } = run;
  const [path, bestPath] = [checkpointFile, bestFile].map((file) => join(options.out, file));
  let state: RunState = { step: 0, tokens: 0, firstLoss: Number.NaN, asked };
  if (options.resume) {
    state = await restoreCheckpoint(path, executor, program, asked);
    if (state.best) await checkBest(bestPath);
  }
  await using log = await TrainLog.open(join(options.out, logFile), state.step - (state.pending ? 1 : 0));
  const memoryBytes = executor.memoryBytes + objective.memoryBytes;
  const trainedParameters = program.trainable.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  tell({ kind: "begin", steps, done: state.step, trainedParameters, memoryBytes });
  const save = async () => {
    await saveCheckpoint(path, executor, program, state);
    tell({ kind: "saved", step: state.step });
    await writeCurve(options.out);
  };
  const [began, tokensBefore] = [performance.now(), state.tokens];
  const rate = () => ((state.tokens - tokensBefore) * 1000) / Math.max(1, performance.now() - began);
  const ended = () =>
    state.step === steps || (state.best?.since ?? 0) >= (settings.patience ?? Number.POSITIVE_INFINITY);
  let last: StepRecord | undefined;
  while (state.pending || !ended()) {
    await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
    if (signal.aborted) {
      await save();
      throwIfAborted(signal);
    }
    if (!state.pending) state = update(run, state);
    const record = state.pending && (await measure(run.measures, state.pending, state.step === steps, signal));
    if (!record) continue; // stopping: what is due is measured when the run goes on
    if (settings.patience !== undefined && record.validation_loss !== undefined) {
      state = { ...state, best: bestOf(state, record.step, record.validation_loss) };
      if (state.best?.since === 0) await saveCheckpoint(bestPath, executor, program, state, ["value"]);
    }
    await log.add(record);
    state = { ...state, pending: undefined };
    last = record;
    tell({ kind: "step", ...record, memoryBytes, tokensPerSecond: rate() });
    if (state.step % settings.saveEvery === 0 && !ended()) await save();
  }
  const { firstLoss, best } = state;
  if (best) await restoreBest(bestPath, executor, program, asked, best.step);
  const files = await writeResult(options, run.model, program, executor);
  const curve = await writeCurve(options.out);
  for (const file of [path, bestPath]) await rm(file, { force: true });
  const seconds = (performance.now() - began) / 1000;
  const { loss: lastLoss = firstLoss, validation_loss: validationLoss } = last ?? {};
  const losses = {
    ...{ firstLoss, lastLoss },
    ...(validationLoss !== undefined && { validationLoss }),
    ...(best && { best: { step: best.step, validationLoss: best.validationLoss } }),
  };
  const figures = { seconds, tokensPerSecond: rate(), memoryBytes };
  return { steps: state.step, ...losses, ...figures, files: [...files, logFile, curve] };
}

/** One update; what is due after it is pending. */
function update(run: Run, state: RunState): RunState {
  const { options, settings, executor, steps } = run;
  const step = state.step + 1;
  const { figures, tokens, gradientNorm } = gradientsOf(run, step);
  const { loss } = figures;
  const learningRate = settings.learningRate * rateFactor(settings.schedule, step, steps, settings.warmup);
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw diverged(step, loss, options.out);
  const gradientScale = settings.clip > 0 ? Math.min(1, settings.clip / (gradientNorm + 1e-6)) : 1;
  const { beta1, beta2, epsilon, weightDecay } = settings;
  executor.update({ step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale });
  const firstLoss = step === 1 ? loss : state.firstLoss;
  const all = state.tokens + tokens;
  const pending = { step, ...figures, learningRate, gradientNorm, tokens: all };
  return { ...state, step, firstLoss, tokens: all, pending };
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
  { options, settings, steps, program, measures }: Run,
  examples: readonly TrainingExample[],
): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hashOf = (some: readonly TrainingExample[]) => {
    const hash = createHash("sha256");
    for (const { input_ids, labels } of some.flatMap(partsOf)) {
      for (const ids of [input_ids, labels]) hash.update(Int32Array.of(ids.length)).update(Int32Array.from(ids));
    }
    return hash.digest("hex");
  };
  const data = hashOf(examples);
  const { threads, saveEvery, validateEvery, sampleEvery, sampleTokens, ...rest } = settings;
  // they decide when a run with patience ends
  const validation = settings.patience && { every: measures.validateEvery, data: hashOf(measures.validation) };
  const { model, quantize = null, initAdapter = null } = options;
  const trained = program.trainable.map(({ name, shape }) => `${name} ${shape}`).join("\n");
  const weights = createHash("sha256").update(trained).digest("hex");
  return JSON.stringify({ model, quantize, initAdapter, ...rest, steps, data, weights, validation });
}

function closing(model: Trainable): Trainable & AsyncDisposable {
  return Object.assign(model, { [Symbol.asyncDispose]: () => model.close() });
}
