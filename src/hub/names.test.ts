import { describe, expect, test } from "vitest";
import { catalogue, nearestNames, shortNameOf } from "./catalogue.ts";
import { checkFileName, checkRepository, parseModelName } from "./names.ts";

describe("parseModelName", () => {
  const repository = (text: string) => {
    const name = parseModelName(text);
    if (name.kind !== "repository") throw new Error(`${text} is ${name.kind}`);
    const { source, repos, revision, quantisation } = name;
    return [source, repos[0], quantisation, revision];
  };

  test.each([
    ["Qwen/Qwen3-0.6B-GGUF", "huggingface", "Qwen/Qwen3-0.6B-GGUF", undefined, undefined],
    ["Qwen/Qwen3-0.6B-GGUF:q4_k_m", "huggingface", "Qwen/Qwen3-0.6B-GGUF", "Q4_K_M", undefined],
    ["Qwen/Qwen3-0.6B@refs/pr/1", "huggingface", "Qwen/Qwen3-0.6B", undefined, "refs/pr/1"],
    ["Qwen/Qwen3-0.6B-GGUF@v1:Q8_0", "huggingface", "Qwen/Qwen3-0.6B-GGUF", "Q8_0", "v1"],
    ["Qwen/Qwen3-0.6B-GGUF:Q8_0@v1", "huggingface", "Qwen/Qwen3-0.6B-GGUF", "Q8_0", "v1"],
    ["hf:Qwen/Qwen3-0.6B", "huggingface", "Qwen/Qwen3-0.6B", undefined, undefined],
    ["hf.co/unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL", "huggingface", "unsloth/Qwen3-8B-GGUF", "UD-Q4_K_XL", undefined],
    ["https://huggingface.co/Qwen/Qwen3-0.6B/tree/main", "huggingface", "Qwen/Qwen3-0.6B", undefined, "main"],
    ["modelscope:Qwen/Qwen3-0.6B-GGUF:fp16", "modelscope", "Qwen/Qwen3-0.6B-GGUF", "F16", undefined],
    ["ms://Qwen/Qwen3-0.6B", "modelscope", "Qwen/Qwen3-0.6B", undefined, undefined],
    ["qwen3:0.6b", "huggingface", "Qwen/Qwen3-0.6B-GGUF", undefined, undefined],
    ["qwen3:0.6b-q8_0", "huggingface", "Qwen/Qwen3-0.6B-GGUF", "Q8_0", undefined],
    ["Qwen2.5-Coder:0.5B:q4_k_m", "huggingface", "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "Q4_K_M", undefined],
    ["qwen3:4b-instruct-q4_k_m", "huggingface", "unsloth/Qwen3-4B-Instruct-2507-GGUF", "Q4_K_M", undefined],
    ["qwen3:4b-q4-0", "huggingface", "Qwen/Qwen3-4B-GGUF", "Q4_0", undefined],
    ["qwen3.5:0.8b", "huggingface", "unsloth/Qwen3.5-0.8B-GGUF", undefined, undefined],
  ])("%s", (text, ...expected) => expect(repository(text)).toEqual(expected));

  test.each([
    "./model.gguf",
    "/m/x",
    "~/m",
    "model.gguf",
    "tokenizer.json",
    "a/b/c.gguf",
    "a/b/c",
    "C:\\m\\x.gguf",
    "dir/",
  ])("%s is a path", (text) => expect(parseModelName(text).kind).toBe("path"));

  test("default", () => expect(parseModelName("default")).toEqual({ kind: "default" }));

  test("an unknown short name gets the nearest ones, a family its sizes", () => {
    expect(() => parseModelName("qwen3:0.5b")).toThrow(/did you mean.*qwen3:0\.6b/);
    expect(() => parseModelName("qwn2.5-coder:0.5b")).toThrow(/did you mean.*qwen2\.5-coder:0\.5b/);
    expect(() => parseModelName("qwen3-reranker")).toThrow(/choose a size: qwen3-reranker:0\.6b/);
    expect(() => parseModelName("qwen3:0.6bq4")).toThrow(/no such short name/);
    expect(() => parseModelName("qwen3:0.6b-turbo")).toThrow(/no such short name/);
  });

  test.each([
    "",
    "hf:Qwen",
    "hf:../../etc/passwd",
    "hf:Qwen/..",
    "hf:a--b/c",
    "Qwen/x@../y",
    "Qwen/x@a@b",
    "hf:Qwen/x:q4:q8",
    "a\nb",
  ])("%j is refused", (text) => expect(() => parseModelName(text)).toThrow(/AnyqwenError|not |empty|control/));
});

test("file names that could leave their folder are refused", () => {
  for (const bad of [
    "../x",
    "/x",
    "a/../../x",
    "a\\b",
    "C:x",
    "a//b",
    "./x",
    "",
    "x\u0000",
    `${"a/".repeat(9)}x`,
    "x".repeat(600),
  ]) {
    expect(() => checkFileName(bad, "repo"), bad).toThrow(/not a safe relative name/);
  }
  for (const good of ["model.gguf", "BF16/model-00001-of-00002.gguf", "1_Pooling/config.json", "..x/a..b"])
    checkFileName(good, "repo");
});

test("every catalogue entry is a short name that parses to its repository", () => {
  expect(catalogue.size).toBeGreaterThan(40);
  for (const [name, { repos }] of catalogue) {
    for (const repo of repos) {
      checkRepository(repo);
      expect(shortNameOf(repo)).toBe(name);
    }
    expect(parseModelName(name)).toMatchObject({ repos });
  }
  expect(nearestNames("qwen3:0.6")).toContain("qwen3:0.6b");
});
