import { defineConfig } from "vitest/config";

// unit: beside the sources, part of `npm run check`. The other projects need the built package (npm test builds it).
export default defineConfig({
  test: {
    testTimeout: 30_000,
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts", "web/**/*.test.ts"], testTimeout: 30_000 } },
      { test: { name: "parity", include: ["test/parity/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "end-to-end", include: ["test/end-to-end/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "browser", include: ["test/browser/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "package", include: ["test/package/**/*.test.ts"], testTimeout: 120_000 } },
    ],
  },
});
