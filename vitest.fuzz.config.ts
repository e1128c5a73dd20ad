import { defineConfig } from "vitest/config";

// Mutated inputs against every parser. FUZZ_RUNS = inputs per parser (default 2,000), FUZZ_SEED = where to start.
export default defineConfig({
  test: { include: ["test/fuzz/**/*.test.ts"], testTimeout: 3_600_000 },
});
