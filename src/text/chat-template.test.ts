// Where chat templates are looked for.

import { describe, expect, it } from "vitest";
import type { GgufValue } from "../formats/checkpoint.ts";
import { memoryFiles } from "../formats/sources.ts";
import { defaultTemplate, isDefaultTemplate, loadChatTemplate } from "./chat-template.ts";
import { fixtureText } from "./testing.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const files = (entries: Record<string, unknown>) =>
  memoryFiles(
    "m",
    Object.fromEntries(
      Object.entries(entries).map(([name, value]) => [
        name,
        utf8(typeof value === "string" ? value : JSON.stringify(value)),
      ]),
    ),
  );
const source = async (entries: Record<string, unknown>) => (await loadChatTemplate({ files: files(entries) }))?.source;
const checkpoint = (metadata: [string, GgufValue][], json: [string, unknown][] = []) => ({
  name: "x.gguf",
  metadata: new Map(metadata),
  json: new Map(json),
});

describe("chat templates", () => {
  it("come from files, the plainest first", async () => {
    const config = { chat_template: "config", eos_token: { content: "<e>" }, bos_token: null, pad_token: "<p>" };
    expect(await source({ "chat_template.jinja": "jinja", "tokenizer_config.json": config })).toBe("jinja");
    expect(await source({ "chat_template.json": { chat_template: "json" }, "tokenizer_config.json": config })).toBe(
      "json",
    );
    expect(await source({ "my.jinja": "mine" })).toBe("mine");
    expect(await loadChatTemplate({ files: files({ "tokenizer_config.json": config }) })).toMatchObject({
      source: "config",
      origin: "m: tokenizer_config.json",
      variables: { eos_token: "<e>", pad_token: "<p>" },
    });
    expect(await source({ "config.json": "{}" })).toBe(undefined);
    await expect(source({ "tokenizer_config.json": "{" })).rejects.toThrow(/tokenizer_config.json: not valid JSON/);
    await expect(source({ "chat_template.jinja": " ".repeat(2 << 20) })).rejects.toThrow(
      /too many for a chat template/,
    );
  });

  it("may have several names", async () => {
    const list = [
      { name: "tool_use", template: "t" },
      { name: "default", template: "d" },
      { name: 5, template: "no" },
    ];
    expect(
      await loadChatTemplate({ files: files({ "tokenizer_config.json": { chat_template: list } }) }),
    ).toMatchObject({
      source: "d",
      toolSource: "t",
    });
    const gguf = checkpoint([
      ["tokenizer.chat_template.tool_use", "t"],
      ["tokenizer.chat_template", "{{ eos_token }}"],
      ["tokenizer.chat_templates", ["tool_use"]],
      ["tokenizer.ggml.tokens", ["a", "<eos>"]],
      ["tokenizer.ggml.eos_token_id", 1],
    ]);
    expect(await loadChatTemplate({ checkpoint: gguf })).toMatchObject({
      source: "{{ eos_token }}",
      toolSource: "t",
      variables: { eos_token: "<eos>" },
    });
  });

  it("are the family's where a checkpoint has none", async () => {
    const cases = {
      qwen2: "qwen2.5",
      qwen2moe: "qwen2.5",
      qwen3: "qwen3-0.6b",
      qwen3_moe: "qwen3-0.6b",
      qwen3_5: "qwen3.5-4b",
      qwen35moe: "qwen3.5-4b",
    };
    for (const [architecture, file] of Object.entries(cases))
      expect(defaultTemplate(architecture)).toBe(fixtureText(`templates/${file}.jinja`));
    expect(defaultTemplate("llama")).toBe(undefined);
    const found = await loadChatTemplate({
      files: files({ "config.json": "{}" }),
      checkpoint: checkpoint([], [["config.json", { model_type: "qwen3" }]]),
    });
    expect(found?.origin).toBe("the family's default");
    expect(isDefaultTemplate(found?.source ?? "")).toBe(true);
    expect(isDefaultTemplate(`${found?.source} `)).toBe(false);
    expect((await loadChatTemplate({ checkpoint: checkpoint([["general.architecture", "qwen2"]]) }))?.source).toBe(
      defaultTemplate("qwen2"),
    );
  });
});
