import { defineConfig, type Rolldown } from "tsdown";

// Bundlers for pages stumble over the names of Node's modules, in files that no page ever reaches too, and a wait at a module's top
// keeps them from their default format for workers. So what is written as an import asks Node at run time in the built files.
const nodeModulesAtRunTime: Rolldown.Plugin = {
  name: "node-modules-at-run-time",
  renderChunk(code, { fileName }) {
    if (!fileName.endsWith(".js")) return;
    const ask = (module: string) => `process.getBuiltinModule("${module}")`;
    return code
      .replace(/^import \{([^}]*)\} from "(node:[\w/]+)";$/gm, (_, names: string, module: string) => {
        return `const {${names.replaceAll(" as ", ": ")}} = ${ask(module)};`;
      })
      .replace(/\bawait import\("(node:[\w/]+)"\)/g, (_, module: string) => ask(module))
      .replace(/\bimport\("(node:[\w/]+)"\)/g, (_, module: string) => `Promise.resolve(${ask(module)})`);
  },
};

// Chunks lie beside the entries, so that a URL relative to any of them is the same. Workers are files of their own, found beside the bundle that starts them (new URL("./worker.js", import.meta.url)).
export default defineConfig({
  entry: {
    index: "src/index.ts",
    cli: "src/cli/main.ts",
    server: "src/server/index.ts",
    "ai-sdk": "src/ai-sdk/index.ts",
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
  plugins: [nodeModulesAtRunTime],
  outputOptions: { chunkFileNames: "[name]-[hash].js" },
});
