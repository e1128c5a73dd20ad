// The built command as a user calls it: spawned, with what it printed and how it ended.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const cliPath = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export function fixture(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything printed so far; gives back a signal to send, once. */
  readonly interrupt?: (stdout: string) => NodeJS.Signals | undefined;
  /** A signal is sent when this comes true. */
  readonly interruptOn?: Promise<unknown>;
}

export function anyqwen(args: readonly string[], options: CallOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1", ANYQWEN_DEBUG: "", ...options.env };
    const child = spawn(process.execPath, [cliPath, ...args], { env });
    void options.interruptOn?.then(() => child.kill("SIGINT"));
    let [stdout, stderr, sent] = ["", "", false];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const signal = sent ? undefined : options.interrupt?.(stdout);
      if (signal) sent = child.kill(signal);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.on("error", () => {}); // it may end without reading
    child.stdin.end(options.input ?? "");
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Stdout of a call that must succeed. */
export async function succeed(args: readonly string[], options?: CallOptions): Promise<string> {
  const { code, stdout, stderr } = await anyqwen(args, options);
  if (code !== 0) throw new Error(`anyqwen ${args.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}

/** The last line of such a call, as JSON. */
export async function json<T>(args: readonly string[], options?: CallOptions): Promise<T> {
  const stdout = await succeed(args, options);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as T;
}
