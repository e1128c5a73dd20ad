// A progress line on stderr, drawn only where a person looks at it: share, speed and time left.

import { formatBytes, formatSeconds } from "./output.ts";

export interface Progress {
  /** `done` of `total`, in the unit given at the start. */
  update(done: number, total: number, detail?: string): void;
  /** Writes lines above the bar, which stays. */
  above(text: string): void;
  stop(): void;
}

type Unit = "bytes" | "windows" | "texts" | "pairs" | "steps";

/** What is done sooner needs no bar. */
const patienceMs = 300;

/** Columns of the terminal; some say 0. */
const width = () => process.stderr.columns || 80;

const silent: Progress = { update() {}, above: (text) => process.stderr.write(`${text}\n`), stop() {} };

export async function startProgress(label: string, unit: Unit): Promise<Progress> {
  if (!process.stderr.isTTY) return silent;
  const { default: cliProgress } = await import("cli-progress");
  const show = (count: number) => (unit === "bytes" ? formatBytes(count) : String(Math.round(count)));
  const rate = new Rate();
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 1,
      format: (_options, params, payload: { detail?: string }) => {
        const columns = Math.max(10, Math.min(30, width() - 60));
        const filled = Math.round(params.progress * columns);
        const speed = rate.perSecond;
        const left = speed > 0 ? formatSeconds((params.total - params.value) / speed) : "--:--";
        const speedText = speed > 0 ? `${show(speed)}${unit === "bytes" ? "/s" : ` ${unit}/s`}` : "";
        const bar = "█".repeat(filled) + "░".repeat(columns - filled);
        const detail = payload.detail ? `  ${payload.detail}` : "";
        const line = `${label} ${bar} ${show(params.value)} of ${show(params.total)}  ${speedText}  ${left} left${detail}`;
        return line.slice(0, width() - 1);
      },
    },
    cliProgress.Presets.shades_classic,
  );
  const began = performance.now();
  let started = false;
  let shown = { done: 0, detail: undefined as string | undefined };
  return {
    update(done, total, detail) {
      shown = { done, detail };
      rate.add(done);
      if (!started && performance.now() - began < patienceMs) return;
      if (!started) {
        bar.start(Math.max(total, 1), done, { detail });
        started = true;
      }
      if (bar.getTotal() !== Math.max(total, 1)) bar.setTotal(Math.max(total, 1));
      bar.update(done, { detail });
    },
    above(text) {
      if (started) bar.stop();
      process.stderr.write(`${text}\n`);
      if (started) bar.start(bar.getTotal(), shown.done, { detail: shown.detail });
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

/** Speed over the last few seconds; a resumed download's first bytes do not count. */
export class Rate {
  readonly #points: { readonly at: number; readonly done: number }[] = [];
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly windowMs = 5000,
  ) {}

  add(done: number): void {
    const at = this.now();
    if (done < (this.#points.at(-1)?.done ?? 0)) this.#points.length = 0; // another count has begun
    this.#points.push({ at, done });
    while (this.#points.length > 2 && this.#points[1].at < at - this.windowMs) this.#points.shift();
  }

  get perSecond(): number {
    const [first, last] = [this.#points[0], this.#points.at(-1)];
    return first && last && last.at > first.at ? ((last.done - first.done) * 1000) / (last.at - first.at) : 0;
  }
}
