// docs/fine-tune.md as it is written, on a tiny model: from data to a served adapter and merged files. What the commands print on the
// real model stands in the guide.

import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guideModel } from "../support/guide.ts";
import { guideCommands, guideShell } from "../support/guide-commands.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-guide-"));
  for (const name of ["docs", "README.md"]) await symlink(join(repository, name), join(folder, name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

it("the guide's commands, one after the other", async () => {
  const port = await freePort();
  // the tiny model spells every character, and only its way matters here
  const instead: [string, string][] = [
    ["qwen2.5-coder:0.5b", guideModel],
    ["--steps 120", "--steps 4"],
    ["--validate-every 40", "--validate-every 2"],
    ["--sample-every 40", "--sample-every 2 --sample-tokens 8"],
    ["--validation 0.05", "--validation 0.01"],
    ["--windows 2", "--windows 1 --window 128"],
    ["8080", String(port)],
  ];
  const written = await guideCommands("fine-tune.md");
  for (const [text] of instead) expect(written.join("\n")).toContain(text);
  const commands = written.map((command) => instead.reduce((text, [from, to]) => text.replaceAll(from, to), command));
  const shell = await guideShell(folder);
  const printed = new Map<string, string>();
  let server: ReturnType<typeof shell.start> | undefined;
  try {
    for (const [n, command] of commands.entries()) {
      if (command.startsWith("anyqwen serve")) {
        server = shell.start(command);
        while (
          !(await fetch(`http://127.0.0.1:${port}/health`).then(
            ({ ok }) => ok,
            () => false,
          ))
        ) {
          if (server.exitCode !== null) throw new Error(`${command} ended with ${server.exitCode}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      } else printed.set(written[n], await shell.run(command));
    }
  } finally {
    server?.kill("SIGTERM");
  }
  const outputs = [...printed];
  const of = (start: string) => outputs.filter(([command]) => command.startsWith(start)).map(([, text]) => text);

  expect(of("node docs/examples/house-style/make-data.mjs")).toEqual([
    "house-style/train.jsonl: 480 examples\nhouse-style/heldout.jsonl: 100 examples\n",
  ]);
  const [labels, training] = of("anyqwen train");
  expect(labels).toContain("[#T-BIL/2 | Clearford | 3572<|im_end|>]");
  expect(training).toMatch(/4 steps in .*, validation \d/);
  const [before, after] = of("node docs/examples/house-style/exact-match.mjs").map((text) => JSON.parse(text));
  expect(before).toMatchObject({ adapter: null, examples: 20, exact: 0, share: 0 });
  expect(after).toMatchObject({ adapter: "house-style/adapter", examples: 100 });
  expect(before.misses[0]).toMatchObject({ expected: expect.stringMatching(/^#T-\w+\/\d \| \w+ \| \d{4}$/) });
  expect(of("anyqwen plot")[0]).toContain("4 updates");
  expect(of("anyqwen run").length).toBe(1);
  const [base, adapted] = of("anyqwen perplexity").map((text) => text.trim().split("\n").at(-1));
  expect(base).toMatch(/^perplexity \d/);
  expect(adapted).not.toBe(base);
  const [reply] = of("curl").map((text) => JSON.parse(text));
  expect(reply.choices[0].message.role).toBe("assistant");
  expect(reply.model).toContain("+tickets");
  expect(of("anyqwen compare")[0]).toContain("mean KL divergence");
  expect((await readdir(join(folder, "house-style"))).sort()).toEqual([
    "adapter",
    "adapter.gguf",
    "heldout.jsonl",
    "tickets.gguf",
    "train.jsonl",
  ]);
  const held = await readFile(join(folder, "house-style", "heldout.jsonl"), "utf8");
  const trained = new Set(
    (await readFile(join(folder, "house-style", "train.jsonl"), "utf8")).split("\n").map(customer),
  );
  for (const line of held.trim().split("\n")) expect(trained.has(customer(line))).toBe(false);
});

/** Of a line of the data. */
function customer(line: string): string | undefined {
  return / \| (\w+) \| /.exec(line)?.[1];
}
