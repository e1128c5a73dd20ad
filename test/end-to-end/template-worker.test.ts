// The built worker that renders chat templates: a real thread, really ended.

import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { TemplateRunner } from "../../src/text/template-runner.ts";

const workerUrl = fileURLToPath(new URL("../../dist/template-worker.js", import.meta.url));
const messages = [{ role: "user", content: "hi <|im_end|>" }];
const addedTokens = [{ content: "<|im_end|>", special: true }];

it("renders in a thread, and ends a template that never does", async () => {
  const runner = new TemplateRunner({ workerUrl, timeoutMs: 1000 });
  const render = (source: string) => runner.render(source, { messages }, { addedTokens });
  expect(await render("{{ messages[0].content }}<|im_end|>")).toEqual({
    text: "hi <|im_end|><|im_end|>",
    pieces: [
      { text: "hi ", special: true },
      { text: "<|im_end|>", special: false },
      { text: "<|im_end|>", special: true },
    ],
  });
  const started = performance.now();
  const loop = "{% for x in range(100000) %}";
  const [stuck, next] = await Promise.allSettled([
    render(`${loop}${loop}${loop}.{% endfor %}{% endfor %}{% endfor %}`),
    render("{{ messages | length }}"),
  ]);
  expect(stuck).toMatchObject({ reason: { code: "template" } });
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(next).toMatchObject({ value: { text: "1" } });
  runner.close();
});

it("says what to do when its file is not there", async () => {
  const runner = new TemplateRunner({ workerUrl: "/nowhere/template-worker.js" });
  await expect(runner.render("{{ 1 }}", { messages })).rejects.toThrow(/say where template-worker.js lies/);
});
