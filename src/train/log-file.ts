// train_log.jsonl: a line per update. Lines behind a checkpoint are cut off when a run goes on from it.

import { open, readFile, truncate } from "node:fs/promises";
import { writeFailure } from "../formats/write-files.ts";
import type { StepRecord } from "./types.ts";

export const logFile = "train_log.jsonl";

export class TrainLog implements AsyncDisposable {
  private constructor(
    private readonly path: string,
    private readonly handle: Awaited<ReturnType<typeof open>>,
  ) {}

  /** `done`: updates whose lines stay. */
  static async open(path: string, done: number): Promise<TrainLog> {
    const text = done > 0 ? await readFile(path, "utf8").catch(() => "") : "";
    const kept = text.split("\n").slice(0, done).join("\n");
    try {
      if (text !== "") await truncate(path, kept === "" ? 0 : Buffer.byteLength(`${kept}\n`));
      return new TrainLog(path, await open(path, done > 0 ? "a" : "w"));
    } catch (cause) {
      throw writeFailure(path, cause);
    }
  }

  async add(record: StepRecord): Promise<void> {
    await this.handle.appendFile(`${JSON.stringify(record)}\n`).catch((cause) => {
      throw writeFailure(this.path, cause);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}
