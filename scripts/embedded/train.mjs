// Makes the embedded model from nothing, as `npm run train:embedded` does: data, tokenizer, training from random weights, a GGUF in
// Q8_0, its scores. Every step leaves its result in the work folder and is not done again; training goes on where it was stopped
// (by --minutes, Ctrl-C or kill). Usage: node scripts/embedded/train.mjs [--work DIR] [--minutes N] [--threads N] [--steps N]
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { train, trainTokenizer } from "../../dist/train.js";
import { recipe } from "./recipe.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const assets = join(root, "assets/embedded");
const { values: flags } = parseArgs({
  options: {
    work: { type: "string", default: join(root, ".embedded") },
    minutes: { type: "string", default: "150" },
    threads: { type: "string" },
    steps: { type: "string", default: String(recipe.training.steps) },
    examples: { type: "string", default: String(recipe.examples) },
  },
});
const [data, model, out] = ["data", "model", "trained"].map((name) => join(flags.work, name));

function run(script, ...args) {
  const done = spawnSync(process.execPath, [join(root, script), ...args], { stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

function writeWhole(path, text) {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

if (!existsSync(join(data, "train.jsonl")))
  run("scripts/embedded/generate.mjs", "--out", data, "--examples", flags.examples, "--seed", String(recipe.seed));

if (!existsSync(join(model, "config.json"))) {
  mkdirSync(model, { recursive: true });
  const lines = readFileSync(join(data, "train.jsonl"), "utf8").split("\n").filter(Boolean);
  const tokenizer = trainTokenizer(spoken(lines), { vocabularySize: recipe.config.vocab_size });
  writeWhole(join(model, "tokenizer.json"), JSON.stringify(tokenizer));
  copyFileSync(join(assets, "chat_template.jinja"), join(model, "chat_template.jinja"));
  const settings = { tokenizer_class: "Qwen2Tokenizer", eos_token: "<|im_end|>", pad_token: "<|endoftext|>" };
  writeWhole(join(model, "tokenizer_config.json"), JSON.stringify(settings));
  const sampling = { do_sample: false, temperature: 0 };
  writeWhole(join(model, "generation_config.json"), JSON.stringify(sampling));
  const eos = tokenizer.added_tokens.find(({ content }) => content === "<|im_end|>").id;
  writeWhole(join(model, "config.json"), JSON.stringify({ ...recipe.config, eos_token_id: eos }, undefined, 2));
}

if (!existsSync(join(out, "model.safetensors"))) {
  const stop = AbortSignal.timeout(Number(flags.minutes) * 60_000);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));
  process.once("SIGTERM", () => interrupted.abort(new Error("terminated")));
  const options = {
    ...recipe.training,
    model,
    data: join(data, "train.jsonl"),
    out,
    method: "scratch",
    steps: Number(flags.steps),
    resume: existsSync(join(out, "checkpoint.safetensors")),
    ...(flags.threads && { threads: Number(flags.threads) }),
  };
  let told = 0;
  const onEvent = (event) => {
    if (event.kind === "begin") console.error(`from update ${event.done} of ${event.steps}`);
    if (event.kind !== "step" || Date.now() - told < 30_000) return;
    told = Date.now();
    const { step, loss, tokens, tokensPerSecond } = event;
    console.error(
      `${step} of ${options.steps}  loss ${loss.toFixed(4)}  ${tokens} tokens  ${tokensPerSecond.toFixed(0)} tokens/s`,
    );
  };
  try {
    await train(options, { onEvent, signal: AbortSignal.any([stop, interrupted.signal]) });
  } catch (error) {
    if (error.code !== "aborted") throw error;
    console.error("stopped; the same command goes on from here");
    process.exit(75); // sysexits.h: try again
  }
}

const file = join(flags.work, "anyqwen-embedded.gguf");
run("dist/cli.js", "quantize", out, "--type", "q8_0", "--pure", "--out", file);
run("scripts/embedded/score.mjs", file, "--heldout", join(data, "heldout.jsonl"));
console.error(`${file}: copy it to ${assets} if the scores are good enough`);

/** All that is said in conversations, and the calls as the template writes them. */
function* spoken(lines) {
  for (const line of lines) {
    for (const { content, tool_calls: calls = [] } of JSON.parse(line).messages) {
      if (content) yield content;
      for (const { function: made } of calls) {
        const written = made.arguments.replaceAll('":"', '": "').replaceAll(',"', ', "');
        yield `{"name": "${made.name}", "arguments": ${written}}`;
      }
    }
  }
}
