// Writes src/text/unicode.generated.ts: the general categories that the pre-tokenisers ask for, as gap/length runs in base 36.
// Runtimes carry different Unicode versions, so the tables travel with the code. Usage: node scripts/emit-unicode.mjs

import { writeFileSync } from "node:fs";

const categories = { letter: /\p{L}/u, mark: /\p{M}/u, number: /\p{N}/u, space: /\p{White_Space}/u };

const runs = (pattern) => {
  const out = [];
  let last = 0;
  let start = -1;
  for (let code = 0; code <= 0x110000; code++) {
    const inside = code < 0x110000 && pattern.test(String.fromCodePoint(code));
    if (inside && start < 0) start = code;
    if (!inside && start >= 0) {
      out.push((start - last).toString(36), (code - start).toString(36));
      last = code;
      start = -1;
    }
  }
  return out.join(" ");
};

const lines = Object.entries(categories).map(([name, pattern]) => `  ${name}: "${runs(pattern)}",`);
const text = `// Made by scripts/emit-unicode.mjs from Unicode ${process.versions.unicode}: general categories L, M, N and White_Space as runs,
// each "code points skipped since the last run, length of the run" in base 36.
export const unicodeRuns = {
${lines.join("\n")}
} as const;
`;
writeFileSync(new URL("../src/text/unicode.generated.ts", import.meta.url), text);
