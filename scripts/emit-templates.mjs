// Writes src/text/default-templates.generated.ts from assets/templates/*.jinja, so that pages need no further request for them.
// Usage: node scripts/emit-templates.mjs

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../assets/templates/", import.meta.url);
const entries = readdirSync(folder)
  .filter((file) => file.endsWith(".jinja"))
  .sort()
  .map(
    (file) => `  ${JSON.stringify(file.slice(0, -6))}: ${JSON.stringify(readFileSync(new URL(file, folder), "utf8"))},`,
  );
const text = `// Made by scripts/emit-templates.mjs from assets/templates (Apache-2.0, see the README there).
export const defaultTemplates = {
${entries.join("\n")}
} as const;
`;
writeFileSync(new URL("../src/text/default-templates.generated.ts", import.meta.url), text);
