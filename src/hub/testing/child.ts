// Pulls in a process of its own, so that a test can kill it: the sources are transpiled once, since Node 20 runs no TypeScript.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const rooms = ["core", "formats", "hub"];

/** A folder with the hub as JavaScript, and a script that pulls; the caller removes it. */
export async function transpiledHub(): Promise<string> {
  const source = fileURLToPath(new URL("../../", import.meta.url));
  const target = await mkdtemp(join(tmpdir(), "anyqwen-hub-js-"));
  await writeFile(join(target, "package.json"), '{"type":"module"}');
  for (const room of rooms) {
    const names = await readdir(join(source, room), { recursive: true });
    for (const name of names.filter((name) => name.endsWith(".ts") && !/\.test\.ts$|^testing/.test(name))) {
      const { outputText } = ts.transpileModule(await readFile(join(source, room, name), "utf8"), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      });
      const path = join(target, room, name.replace(/\.ts$/, ".js"));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, outputText);
    }
  }
  const script = `import { pull } from "./hub/hub.js";
    const [name, options] = JSON.parse(process.argv[2]);
    try { console.log(JSON.stringify(await pull(name, options))); } catch (error) { console.log(JSON.stringify({ error: error.message })); }`;
  await writeFile(join(target, "pull.js"), script);
  return target;
}

export interface PullingChild {
  readonly process: ChildProcess;
  /** What it printed as its last line; undefined if it was killed. */
  readonly result: Promise<Record<string, unknown> | undefined>;
}

export function pullInChild(folder: string, name: string, options: object): PullingChild {
  const child = spawn(process.execPath, [join(folder, "pull.js"), JSON.stringify([name, options])], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  const result = new Promise<Record<string, unknown> | undefined>((resolve) =>
    child.on("close", () => resolve(output === "" ? undefined : (JSON.parse(output) as Record<string, unknown>))),
  );
  return { process: child, result };
}
