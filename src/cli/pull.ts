// anyqwen pull MODEL: brings a model into the cache that the Hugging Face tools share; what is here is not fetched again.

import type { Command } from "commander";
import { AnyqwenError } from "../core/errors.ts";
import { type PullProgress, pull } from "../hub/hub.ts";
import { type CommandModule, examples, refuseIdle } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { formatBytes, print, printJson, warn } from "./shared/output.ts";
import { startProgress } from "./shared/progress.ts";

interface PullFlags {
  readonly endpoint?: string;
  readonly cache?: string;
  readonly verify?: true;
  readonly wait: boolean;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "short name, or repository with an optional :QUANTISATION or @revision")
    .option("--verify", "hash files that are here already, and fetch damaged ones again")
    .option("--no-wait", "fail when another process pulls the same model")
    .option("--endpoint <url>", "a mirror (default: HF_ENDPOINT, else https://huggingface.co)")
    .option("--cache <folder>", "where to keep it (default: the Hugging Face tools' cache)")
    .option("--json", "print one line of JSON");
  examples(
    command,
    ["The usual quantisation of a small model", "pull qwen3:0.6b"],
    ["Another quantisation", "pull Qwen/Qwen2.5-1.5B-Instruct-GGUF:Q8_0"],
    ["From ModelScope", "pull ms:Qwen/Qwen3-0.6B-GGUF"],
    ["From a mirror", "pull qwen3:0.6b --endpoint https://hf-mirror.com"],
  );
  command.action(async (model: string, flags: PullFlags) => {
    const signal = interruptSignal();
    const progress = await startProgress("pulling", "bytes");
    const seen = new PhaseNotes();
    try {
      const pulled = await pull(model, {
        endpoint: flags.endpoint,
        cache: flags.cache,
        verify: flags.verify,
        wait: flags.wait,
        signal,
        onProgress: (report) => {
          seen.add(report);
          if (report.phase === "downloading") progress.update(report.bytes, report.totalBytes, report.detail);
        },
      });
      progress.stop();
      if (pulled.repo === undefined) {
        const idle = { endpoint: "--endpoint", cache: "--cache", verify: "--verify" } as const;
        refuseIdle(flags, `${model} is a path and stays where it is`, idle);
      }
      if (flags.json) printJson(pulled);
      else print(`${pulled.name}  ${formatBytes(pulled.bytes)}  ${pulled.path}`);
    } catch (error) {
      progress.stop();
      if (error instanceof AnyqwenError && error.code === "aborted")
        warn("stopped; the same command goes on from here");
      throw error;
    }
  });
};

/** Says once what else is waited for. */
class PhaseNotes {
  #last = "";
  add({ phase, detail }: PullProgress): void {
    const text =
      phase === "waiting"
        ? `waiting for another process: ${detail}`
        : phase === "listing"
          ? `looking at ${detail}`
          : "";
    if (text !== "" && text !== this.#last && process.stderr.isTTY) warn(text);
    this.#last = text;
  }
}
