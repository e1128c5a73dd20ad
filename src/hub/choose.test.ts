import { expect, test } from "vitest";
import { chooseFiles, ggufModels, isWhole } from "./choose.ts";

const splits = (stem: string, count: number) =>
  Array.from(
    { length: count },
    (_, i) => `${stem}-${String(i + 1).padStart(5, "0")}-of-${String(count).padStart(5, "0")}.gguf`,
  );

test("quantisations are read from file names", () => {
  const names = {
    "Qwen3-0.6B-Q8_0.gguf": "Q8_0",
    "qwen2.5-0.5b-instruct-q4_k_m.gguf": "Q4_K_M",
    "qwen2.5-0.5b-instruct-fp16.gguf": "F16",
    "Qwen3-Reranker-0.6B.Q4_K_M.gguf": "Q4_K_M",
    "Qwen3.5-0.8B-UD-Q4_K_XL.gguf": "UD-Q4_K_XL",
    "Qwen3.5-35B-A3B-MXFP4_MOE.gguf": "MXFP4_MOE",
    "sub/Qwen3-BF16.gguf": "BF16",
    "model.gguf": "model",
    "Qwen3-8B-IQ4_XS.gguf": "IQ4_XS",
  };
  for (const [name, quantisation] of Object.entries(names))
    expect(ggufModels([name])[0].quantisation).toBe(quantisation);
});

test("Q4_K_M by default, else the nearest, never a projector", () => {
  const choose = (...files: string[]) => chooseFiles(files, undefined, "r").files;
  expect(choose("m-Q8_0.gguf", "m-Q4_K_M.gguf", "m-Q4_0.gguf", "mmproj-F16.gguf")).toEqual(["m-Q4_K_M.gguf"]);
  expect(choose("m-Q8_0.gguf", "m-IQ2_XXS.gguf", "m-BF16.gguf")).toEqual(["m-Q8_0.gguf"]);
  expect(choose("m-UD-Q4_K_XL.gguf", "m-Q8_0.gguf", "imatrix_unsloth.gguf")).toEqual(["m-UD-Q4_K_XL.gguf"]);
  expect(() => choose("mmproj-F16.gguf", "README.md")).toThrow(/neither a GGUF file nor safetensors/);
});

test("a quantisation that is not there is an error that lists what is", () => {
  expect(() => chooseFiles(["m-Q8_0.gguf", "m-Q6_K.gguf"], "Q4_K_M", "Qwen/X")).toThrow(
    /^Qwen\/X: has no quantisation Q4_K_M; it has Q6_K, Q8_0$/,
  );
});

test("splits come together, one piece goes before them, a torn set is an error", () => {
  const files = splits("sub/m-q4_k_m", 3);
  expect(chooseFiles([...files].reverse(), "Q4_K_M", "r").files).toEqual(files);
  expect(chooseFiles([...files, "sub/m-q4_k_m.gguf"], "Q4_K_M", "r").files).toEqual(["sub/m-q4_k_m.gguf"]);
  expect(() => chooseFiles(files.slice(0, 2), undefined, "r")).toThrow(/m-q4_k_m-00003-of-00003\.gguf is missing/);
  expect(() => chooseFiles(["m-Q4_0-00001-of-99999.gguf"], undefined, "r")).toThrow(/missing/);
});

test("safetensors come with configuration, tokenizer and template, weights last", () => {
  const repo = [
    "model-00002-of-00002.safetensors",
    "README.md",
    "model.safetensors.index.json",
    "model-00001-of-00002.safetensors",
    "config.json",
    "tokenizer.json",
    "chat_template.jinja",
    "merges.txt",
    "pytorch_model.bin",
    "onnx/model.onnx",
    "consolidated.safetensors",
    "1_Pooling/config.json",
  ];
  const chosen = chooseFiles(repo, undefined, "r");
  expect(chosen).toEqual({
    format: "safetensors",
    files: [
      "1_Pooling/config.json",
      "chat_template.jinja",
      "config.json",
      "merges.txt",
      "tokenizer.json",
      "model.safetensors.index.json",
      "model-00001-of-00002.safetensors",
      "model-00002-of-00002.safetensors",
    ],
  });
  expect(isWhole(chosen)).toBe(true);
  expect(isWhole(chooseFiles(repo.slice(1), undefined, "r"))).toBe(false);
  expect(
    isWhole(
      chooseFiles(
        repo.filter((file) => file !== "config.json"),
        undefined,
        "r",
      ),
    ),
  ).toBe(false);
});
