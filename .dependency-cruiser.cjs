// The rooms of docs/architecture.md: imports go down this list only.
const rooms = [
  "cli",
  "assistant",
  "router",
  "server",
  "ai-sdk",
  "api",
  "train",
  "eval",
  "engine",
  "generate",
  "models",
  "text",
  "hub",
  "formats",
  "devices",
  "core",
];
const path = (room) => (room === "api" ? "^src/(api|index)\\.ts$" : `^src/${room}/`);
const upward = rooms.slice(1).map((room, i) => ({
  name: `${room}-imports-down-only`,
  severity: "error",
  from: { path: path(room) },
  to: {
    path: rooms
      .slice(0, i + 1)
      .map(path)
      .join("|"),
  },
}));
module.exports = {
  forbidden: [
    ...upward,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "engine-through-the-api",
      comment: "commands, server, AI SDK provider, router and assistants use the engine through api.ts alone",
      severity: "error",
      from: { path: "^src/(cli|assistant|router|server|ai-sdk)/" },
      to: { path: "^src/(engine|generate|models|devices)/" },
    },
    {
      name: "server-and-ai-sdk-apart",
      severity: "error",
      from: { path: "^src/server/" },
      to: { path: "^src/ai-sdk/" },
    },
    {
      name: "device-apart",
      severity: "error",
      from: { path: "^src/devices/([^/]+)/" },
      to: { path: "^src/devices/([^/]+)/", pathNot: "^src/devices/$1/" },
    },
    {
      name: "page-apart",
      comment: "the page knows the server by its routes alone, and nothing is built on the page",
      severity: "error",
      from: { path: "^(src|web)/" },
      to: { path: "^(src|web)/", pathNot: "^$1/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "src/devices/wasm/kernels" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
