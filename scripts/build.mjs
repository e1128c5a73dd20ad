// Builds dist/: the WebAssembly kernels (four builds of one source), the bundles, and the server's page. Skips what is newer than its sources.
// Usage: node scripts/build.mjs [--force] [--quiet]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const force = process.argv.includes("--force");
const quiet = process.argv.includes("--quiet");
const say = (text) => quiet || console.log(text);

// -O2, not -O3: that one sinks every accumulator's chain into one expression, and the unrolled kernels spill (docs/log.md).
const builds = {
  "kernels-relaxed-threads": ["--enable", "simd,relaxed-simd,threads", "--sharedMemory", "--maximumMemory", "65536"],
  "kernels-simd-threads": ["--enable", "simd,threads", "--sharedMemory", "--maximumMemory", "65536"],
  "kernels-relaxed": ["--enable", "simd,relaxed-simd"],
  "kernels-simd": ["--enable", "simd"],
};

function filesUnder(folder, keep) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && keep(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function step(name, inputs, outputs, run) {
  const stamp = join(root, "dist", `.${name}.stamp`);
  const print = fingerprint(inputs);
  const fresh =
    !force &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === print &&
    outputs.every((f) => existsSync(join(root, f)));
  if (fresh) return;
  say(`building ${name}`);
  run();
  writeFileSync(stamp, print);
}

function tool(args) {
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (done.status !== 0) {
    process.stderr.write(done.stdout + done.stderr);
    process.exit(1);
  }
}

mkdirSync(join(root, "dist/wasm"), { recursive: true });
const self = fileURLToPath(import.meta.url);
const emitter = join(root, "scripts/emit-kernels.mjs");
step(
  "emitted-kernels",
  [emitter, ...filesUnder("scripts/kernels", () => true)],
  ["src/devices/wasm/kernels/linear-int.generated.ts", "src/devices/wasm/kernels/gemm.generated.ts"],
  () => tool(["scripts/emit-kernels.mjs"]),
);
const kernels = filesUnder("src/devices/wasm/kernels", (f) => f.endsWith(".ts"));
for (const [name, flags] of Object.entries(builds)) {
  step(name, [self, ...kernels], [`dist/wasm/${name}.wasm`], () =>
    tool([
      "node_modules/assemblyscript/bin/asc.js",
      "src/devices/wasm/kernels/index.ts",
      ...["-o", `dist/wasm/${name}.wasm`, "-O2", "--runtime", "stub", "--importMemory", "--initialMemory", "1"],
      ...flags,
    ]),
  );
}
const sources = filesUnder("src", (f) => f.endsWith(".ts") && !f.includes("/kernels/") && !f.endsWith(".test.ts"));
step(
  "bundles",
  [self, join(root, "tsdown.config.ts"), join(root, "package.json"), ...sources],
  ["dist/index.js", "dist/cli.js"],
  () => {
    // names of chunks carry a hash: old ones would pile up
    for (const file of readdirSync(join(root, "dist")))
      if (/\.(js|d\.ts)$/.test(file)) rmSync(join(root, "dist", file));
    tool(["node_modules/tsdown/dist/run.mjs", "--logLevel", "warn"]);
  },
);
const page = filesUnder("web", (f) => !/\.test\.tsx?$/.test(f));
step("page", [self, join(root, "package-lock.json"), ...page], ["dist/web/index.html"], () =>
  tool(["node_modules/vite/bin/vite.js", "build", "--config", "web/vite.config.ts", "--logLevel", "warn"]),
);
