// Builds the page into dist/web, which the server serves (src/server/page.ts). Fonts, scripts and styles are all its own.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // browsers of 2024 and newer, which know light-dark()
    target: ["chrome123", "firefox120", "safari17.5"],
    // everything stays a file of its own: the policy of the page allows no data: addresses
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // what the page is made of, and under which terms
    license: { fileName: "licenses.txt" },
  },
});
