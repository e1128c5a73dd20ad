// The built package, its engine in a worker of its own: what callers see through dist/index.js.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type * as api from "../../src/api.ts";

const { load, inspect } = (await import(new URL("../../dist/index.js", import.meta.url).href)) as typeof api;
const model = fileURLToPath(new URL("../fixtures/models/qwen3_tied", import.meta.url));
const ids = [1, 5, 9, 13, 17, 2];
const sampled = { temperature: 1, topK: 0, topP: 1, seed: 3, repetitionPenalty: 1, ignoreEos: true } as const;

async function collect(parts: AsyncIterable<api.Part>): Promise<{ text: string; end: api.EndPart }> {
  let text = "";
  for await (const part of parts) {
    if (part.type === "end") return { text, end: part };
    if (part.type === "text") text += part.text;
  }
  throw new Error("no end");
}

describe("the engine in its worker", () => {
  it("gives the bits of the engine in process, with one thread or two", async () => {
    await using here = await load(model, { inProcess: true, threads: 1 });
    await using there = await load(model, { threads: 2 });
    expect(there.info).toMatchObject({ device: "wasm", identity: here.info.identity, vocab: 320 });
    const options = { ...sampled, maxTokens: 100 };
    const [a, b] = [await collect(here.generate(ids, options)), await collect(there.generate(ids, options))];
    expect(b.text).toBe(a.text);
    expect(b.end.tokens).toEqual(a.end.tokens);
    expect((await there.logits(ids)).logits).toEqual((await here.logits(ids)).logits);
  });

  it("leaves the caller's thread free, and ends when the loop is left", async () => {
    await using qwen = await load(model, { threads: 1 });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    for await (const part of qwen.generate(ids, { ...sampled, maxTokens: 450 })) {
      if (part.type === "text" && turns > 20) break;
    }
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
    expect((await collect(qwen.generate(ids, { ...sampled, maxTokens: 3 }))).end.tokens).toHaveLength(3);
  });

  it("reports errors by their code, and loads several models at once", async () => {
    const [good, missing, wrong] = await Promise.allSettled([
      load(model, { threads: 1 }),
      load("/nowhere/model.gguf"),
      load(model, { contextTokens: 1e9 }),
    ]);
    expect(missing).toMatchObject({ reason: { name: "AnyqwenError", code: "not-found" } });
    expect(wrong).toMatchObject({ reason: { code: "context-overflow" } });
    if (good.status !== "fulfilled") throw good.reason;
    await using qwen = good.value;
    await expect(collect(qwen.generate([999999]))).rejects.toMatchObject({ code: "invalid-argument" });
    const files = { name: "x", files: [], open: () => Promise.reject(new Error("never")) };
    await expect(load(files)).rejects.toThrow(/pass plain data, Blobs or addresses, or inProcess/);
    await expect(load(model, { workerUrl: "/nowhere/worker.js" })).rejects.toThrow(/pass workerUrl/);
    expect((await inspect(model)).memory.weightBytes).toBe(qwen.info.weightBytes);
  });

  it("keeps no program alive that has nothing else to do", async () => {
    const { execFile } = await import("node:child_process");
    const url = new URL("../../dist/index.js", import.meta.url).href;
    const program = `const { load } = await import(${JSON.stringify(url)});
      const qwen = await load(${JSON.stringify(model)}, { threads: 2 });
      for await (const part of qwen.generate([1, 2], { maxTokens: 4 })) if (part.type === "end") console.log("ended");`;
    const output = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000 }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
    });
    expect(output).toBe("ended\n");
  });
});
