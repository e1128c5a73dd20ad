import { defineConfig } from "tsdown";

// Chunks lie beside the entries, so that a URL relative to any of them is the same. Workers are files of their own, found beside the bundle that starts them (new URL("./worker.js", import.meta.url)).
export default defineConfig({
  entry: {
    index: "src/index.ts",
    cli: "src/cli/main.ts",
    worker: "src/engine/worker.ts",
    "kernel-thread": "src/devices/wasm/kernel-thread.ts",
    "template-worker": "src/text/template-worker.ts",
  },
  format: "esm",
  platform: "neutral",
  target: "es2022",
  outDir: "dist",
  clean: false,
  dts: true,
  external: [/^node:/],
  // Pages resolve no package names; what the engine needs of others is in its own files.
  noExternal: ["@huggingface/jinja"],
  inlineOnly: ["@huggingface/jinja"],
  outputOptions: { chunkFileNames: "[name]-[hash].js" },
});
