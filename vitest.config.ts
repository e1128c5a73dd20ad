import { defineConfig } from "vitest/config";

// unit: beside the sources, part of `npm run check`; engine: those that run whole models or processes. The other projects need the
// built package (npm test builds it).
const slow = ["src/engine/**/*.test.ts", "src/hub/processes.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "web/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: slow,
          testTimeout: 30_000,
        },
      },
      { test: { name: "engine", include: slow, testTimeout: 60_000 } },
      { test: { name: "parity", include: ["test/parity/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "end-to-end", include: ["test/end-to-end/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "browser", include: ["test/browser/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "package", include: ["test/package/**/*.test.ts"], testTimeout: 120_000 } },
    ],
  },
});
