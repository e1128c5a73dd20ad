// The commands of a guide: the lines of its ```sh blocks, run as they are written, apart from what a test puts in their place.

import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Of a file in docs/, in order, each block's commands; a backslash at its end, or a quote that is open, carries a line on. */
export async function guideCommands(file: string): Promise<string[]> {
  const guide = await readFile(new URL(`../../docs/${file}`, import.meta.url), "utf8");
  const commands: string[] = [];
  for (const [, block] of guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)) {
    let open = "";
    for (const line of block.trimEnd().split("\n")) {
      open += open === "" ? line : `\n${line}`;
      if (line.endsWith("\\") || (open.split("'").length - 1) % 2 === 1) continue;
      commands.push(open);
      open = "";
    }
    if (open !== "") throw new Error(`docs/${file}: a command has no end: ${open}`);
  }
  return commands;
}

/** A shell in `folder`, for which `anyqwen` is the built command. */
export async function guideShell(folder: string) {
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
  await writeFile(join(bin, "anyqwen"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, { mode: 0o755 });
  const PATH = [bin, join(process.execPath, ".."), process.env.PATH].join(":");
  const env = { ...process.env, PATH, NO_COLOR: "1" };
  /** A running command; exec, so that a signal reaches it and no shell in between. */
  const start = (command: string) => spawn("sh", ["-c", `exec ${command}`], { cwd: folder, env });
  /** Its stdout; fails if it does. */
  const run = async (command: string): Promise<string> => {
    const child = start(command);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`${command}\nended with ${code}: ${stderr}`);
    return stdout;
  };
  return { start, run };
}
