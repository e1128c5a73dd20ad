// How a training run is followed on stderr: a bar where a person looks at it, else a line now and then.

import pc from "picocolors";
import type { BrokenRecord, Sample, TrainEvent } from "../../train/index.ts";
import { formatBytes, formatCount, formatSeconds, note, warn } from "./output.ts";
import { startProgress } from "./progress.ts";

/** Between lines that go to a file or a pipe. */
const lineEveryMs = 10_000;

export interface TrainProgress {
  /** Step of the last checkpoint; 0 before there is one. */
  readonly saved: number;
  tell(event: TrainEvent): void;
  stop(): void;
}

type Of<Kind extends TrainEvent["kind"]> = Extract<TrainEvent, { readonly kind: Kind }>;

export async function followTraining(
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<TrainProgress> {
  const loading = await startProgress("loading", "bytes");
  const reference = await startProgress("reference", "pairs");
  const training = await startProgress("training", "steps");
  let examples = "";
  let steps = 0;
  let first = { step: 0, at: now() };
  let said = now();
  let validation = "";
  const begin = ({ steps: all, done, trainedParameters, memoryBytes }: Of<"begin">) => {
    loading.stop();
    reference.stop();
    steps = all;
    first = { step: done, at: now() };
    const from = done > 0 ? `, from step ${done}` : "";
    note(pc.dim(`${examples}, ${formatCount(trainedParameters)} parameters, ${formatBytes(memoryBytes)}${from}`));
    training.update(done, steps);
  };
  const step = ({ step, loss, tokensPerSecond, memoryBytes, samples, ...more }: Of<"step">) => {
    const { validation_loss: measured, reward_accuracy: accuracy } = more;
    if (samples) training.above(samplesText(step, samples));
    if (measured !== undefined) validation = `  validation ${measured.toFixed(4)}`;
    const rewards = accuracy === undefined ? "" : `  prefers ${Math.round(100 * accuracy)}%`;
    const figures = `loss ${loss.toFixed(4)}${rewards}${validation}  ${tokensPerSecond.toFixed(0)} tokens/s  ${formatBytes(memoryBytes)}`;
    training.update(step, steps, figures + (signal.aborted ? "  stopping" : ""));
    if (process.stderr.isTTY || now() - said < lineEveryMs) return;
    said = now();
    const left = ((said - first.at) / 1000 / (step - first.step)) * (steps - step);
    warn(`step ${step} of ${steps}  ${figures}  ${formatSeconds(left)} left`);
  };
  const state = {
    saved: 0,
    stop() {
      loading.stop();
      reference.stop();
      training.stop();
    },
    tell(event: TrainEvent) {
      if (event.kind === "loading") loading.update(event.bytes, event.totalBytes, event.file);
      else if (event.kind === "reference") {
        if (event.done === 0) loading.stop();
        reference.update(event.done, event.examples);
      } else if (event.kind === "saved") state.saved = event.step;
      else if (event.kind === "begin") begin(event);
      else if (event.kind === "step") step(event);
      else {
        const held = event.validation > 0 ? `, ${formatCount(event.validation)} for validation` : "";
        examples = `${formatCount(event.examples)} examples${held}`;
        if (event.broken.length > 0) warn(leftOut(event.broken));
      }
    },
  };
  return state;
}

/** Of long prompts the end is shown: what the answer is to. */
const mostPrompt = 100;

function samplesText(step: number, samples: readonly Sample[]): string {
  const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
  const shown = samples.flatMap(({ prompt, text, expected }) => {
    const asked = oneLine(prompt);
    const right = expected === undefined ? [] : [text === expected ? pc.green("= as expected") : `= ${expected}`];
    return [pc.dim(`> ${asked.length > mostPrompt ? `…${asked.slice(-mostPrompt)}` : asked}`), text, ...right];
  });
  return [
    pc.bold(`samples at step ${step}`),
    ...shown.map((line) => `  ${line.trim().replace(/\n\s*/g, "\n  ")}`),
  ].join("\n");
}

export function leftOut(broken: readonly BrokenRecord[]): string {
  const [{ where, reason }] = broken;
  return broken.length === 1
    ? `left out ${where}: ${reason}`
    : `left out ${formatCount(broken.length)} records; the first, ${where}: ${reason}`;
}
