// The package's main entry. It runs in Node, Bun, Deno and browsers.

export * from "./api.ts";
