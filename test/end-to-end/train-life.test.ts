// What may happen to a training run: it is killed at any moment, its disk is full, it stops where validations get no better. And what
// its user sees of it: samples, and the curve of its losses.

import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uniform } from "../../src/train/random.ts";
import { anyqwen as call, cliPath, fixture, succeed } from "./anyqwen.ts";

const model = fixture("models/qwen3_tied");
const anyqwen = (...args: string[]) => call(args);
let folder: string;
let data: string;
let held: string;

const chat = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-train-life-"));
  [data, held] = [join(folder, "data.jsonl"), join(folder, "held.jsonl")];
  const lines = Array.from({ length: 12 }, (_, n) => chat(`Item ${n}?`, `<${(n * 7) % 5}> ok`));
  await writeFile(data, lines.join("\n"));
  await writeFile(held, [chat("Item 50?", "<3> no"), chat("Item 51?", "<0> no")].join("\n"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Line {
  readonly step: number;
  readonly validation_loss?: number;
  readonly samples?: readonly { readonly prompt: string; readonly text: string; readonly expected?: string }[];
}

async function logOf(out: string): Promise<Line[]> {
  const text = await readFile(join(out, "train_log.jsonl"), "utf8").catch(() => "");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const adapterOf = (out: string) => readFile(join(out, "adapter_model.safetensors"));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the command and kills it some milliseconds after its log has `lines` lines, or at once if that is 0; false if it was quicker. */
async function killed(args: readonly string[], out: string, lines: number, ms: number): Promise<boolean> {
  const child = spawn(process.execPath, [cliPath, ...args], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (child.exitCode === null && lines > 0 && (await logOf(out)).length < lines) await pause(3);
  await pause(ms);
  child.kill("SIGKILL");
  await ended;
  return child.exitCode === null;
}

describe("a run that is killed", () => {
  it("twenty times, at random moments, ends in the bits of one that was not", async () => {
    const [kills, steps] = [20, 240];
    const run = (out: string) => [
      ...["train", model, "--data", data, "--out", out, "--steps", String(steps), "--batch-size", "2", "--lr", "0.003"],
      ...["--validation", held, "--validate-every", "2", "--patience", String(steps), "--threads", "1"],
      ...["--sample-validation", "1", "--sample-every", "5", "--sample-tokens", "8", "--save-every", "3"],
    ];
    const [whole, broken] = ["whole", "broken"].map((name) => join(folder, name));
    await succeed(run(whole));
    const alive: number[] = [];
    const moments: number[] = [];
    for (let n = 0; n < kills; n++) {
      const files: string[] = await readdir(broken).catch(() => []);
      const resume = files.includes("checkpoint.safetensors");
      const before = (await logOf(broken)).length;
      // every fourth before it computes, the others up to nine updates further
      const [lines, ms] =
        n % 4 === 3 ? [0, 600 * uniform(5, 1, n)] : [1 + Math.floor(9 * uniform(5, 2, n)), 25 * uniform(5, 3, n)];
      const target = lines === 0 ? 0 : (resume ? before : 0) + lines;
      if (await killed([...run(broken), ...(resume ? ["--resume"] : [])], broken, target, ms)) alive.push(n);
      moments.push((await logOf(broken)).length);
    }
    expect(alive.length, `it was quicker than its end: ${moments}`).toBe(kills);
    expect(new Set(moments).size).toBeGreaterThan(kills / 2);
    await succeed([...run(broken), "--resume"]);
    const [a, b] = await Promise.all([whole, broken].map(adapterOf));
    expect(a.equals(b)).toBe(true);
    expect(await logOf(broken)).toEqual(await logOf(whole));
    expect(await readdir(broken)).toEqual(await readdir(whole));
  });
});

describe("a run that is stopped", () => {
  it("while it validates, validates when it goes on, and ends in the same bits and the same log", async () => {
    const many = join(folder, "many.jsonl");
    await writeFile(many, Array.from({ length: 120 }, (_, n) => chat(`Item ${n}?`, `<${n % 5}> no`)).join("\n"));
    const run = (out: string) => [
      ...["train", model, "--data", data, "--out", out, "--steps", "6", "--batch-size", "2", "--lr", "0.003"],
      ...["--validation", many, "--validate-every", "1", "--patience", "6"],
    ];
    const [whole, broken] = ["unstopped", "stopped"].map((name) => join(folder, name));
    await succeed(run(whole));
    let pending = 0;
    for (let n = 0; n < 3; n++) {
      const child = spawn(process.execPath, [cliPath, ...run(broken), ...(n > 0 ? ["--resume"] : [])], {
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const before = (await logOf(broken)).length;
      while ((await logOf(broken)).length <= before) await pause(3);
      child.kill("SIGINT");
      expect(await ended).toBe(130);
      if ((await readFile(join(broken, "checkpoint.safetensors"))).includes('"pending"')) pending++;
    }
    expect(pending).toBeGreaterThan(0);
    await succeed([...run(broken), "--resume"]);
    expect((await adapterOf(broken)).equals(await adapterOf(whole))).toBe(true);
    expect(await logOf(broken)).toEqual(await logOf(whole));
  });
});

describe("a run with patience", () => {
  it("ends where validations get no better, and its result is the best weights, not the last", async () => {
    const run = (out: string, ...more: string[]) => [
      ...["train", model, "--data", data, "--out", out, "--batch-size", "4", "--lr", "0.01", "--schedule", "constant"],
      ...["--validation", held, "--validate-every", "3", ...more],
    ];
    const [early, best] = ["early", "best"].map((name) => join(folder, name));
    const result = JSON.parse(await succeed(run(early, "--steps", "300", "--patience", "2", "--json")));
    const validations = (await logOf(early)).flatMap(({ step, validation_loss: loss }) =>
      loss === undefined ? [] : [{ step, validationLoss: loss }],
    );
    const least = validations.reduce((a, b) => (b.validationLoss < a.validationLoss ? b : a));
    expect(result.best).toEqual(least);
    expect(result.steps).toBe(least.step + 6);
    expect(result.steps).toBeLessThan(300);
    await succeed(run(best, "--steps", String(least.step)));
    expect((await adapterOf(early)).equals(await adapterOf(best))).toBe(true);
    expect((await readdir(early)).sort()).toEqual([
      ...["adapter_config.json", "adapter_model.safetensors", "loss.svg", "train_log.jsonl"],
    ]);
  });

  it("needs something to validate on", async () => {
    const run = await anyqwen("train", model, "--data", data, "--out", join(folder, "x"), "--patience", "2");
    expect(run.stderr).toBe("error: --patience is 2; expected nothing: there is no validation\n");
  });
});

describe("samples", () => {
  const args = (out: string, ...more: string[]) => [
    ...["train", model, "--data", data, "--out", out, "--steps", "30", "--batch-size", "1", "--lr", "0.01", ...more],
  ];

  it("are told above the progress and in the log, are what the adapter answers, and change no bit", async () => {
    const [plain, sampled] = ["plain", "sampled"].map((name) => join(folder, name));
    await succeed(args(plain, "--validation", held));
    const asked = ["--sample", "Item 3?", "--sample-validation", "2", "--sample-every", "20", "--sample-tokens", "100"]; // more than an example has
    const run = await anyqwen(...args(sampled, "--validation", held, ...asked));
    expect((await adapterOf(sampled)).equals(await adapterOf(plain))).toBe(true);
    const log = await logOf(sampled);
    expect(log.flatMap(({ step, samples }) => (samples ? [step] : []))).toEqual([20, 30]);
    const samples = log[29].samples ?? [];
    expect(samples.map(({ prompt }) => prompt)).toEqual(["Item 3?", "Item 50?", "Item 51?"]);
    expect(samples[0].expected).toBeUndefined();
    expect(samples[2].expected).toBe("<think>\n\n</think>\n\n<0> no");
    expect(run.stderr).toContain("samples at step 30\n  > Item 3?\n");
    const answer = await succeed(["run", model, "Item 3?", "--adapter", sampled, "-t", "0", "-n", "12", "--json"]);
    const { tokens } = JSON.parse(answer);
    const text = await succeed(["detokenize", model, ...tokens.map(String)]);
    expect(`${samples[0].text}<|im_end|>`.startsWith(text.trimEnd())).toBe(true);
    expect(text.length).toBeGreaterThan(10);
  });

  it("are refused where nothing can be sampled", async () => {
    const out = join(folder, "refused");
    const idle = await anyqwen(...args(out, "--sample-every", "3"));
    expect(idle.stderr).toBe("error: --sample-every is 3; expected nothing: nothing is sampled\n");
    const long = await anyqwen(...args(out, "--sample", "long ".repeat(400)));
    expect(long.stderr).toMatch(/sample "long long .*" has \d+ tokens; the model has 512 positions/);
    const ids = join(folder, "ids.jsonl");
    await writeFile(ids, '{"input_ids": [1, 2, 3]}');
    const wordless = ["train", fixture("train/qwen2"), "--data", ids, "--out", out, "--steps", "1"];
    const run = await anyqwen(...wordless, "--sample", "Hi");
    expect(run.stderr).toContain("the model has no tokenizer, so no text can be sampled");
    const held = await anyqwen(...wordless, "--validation", ids, "--sample-validation", "1", "--sample-tokens", "3");
    expect(held.stderr).toMatch(/samples at step 1\n {2}> 1\n {2}\d+ \d+ \d+\n {2}= 2 3\n/);
  });
});

describe("anyqwen plot", () => {
  it("draws the losses, writes a picture, and prints the points", async () => {
    const out = join(folder, "plain");
    const drawn = await succeed(["plot", out]);
    expect(drawn).toMatch(/^loss of .*plain, 30 updates\n/);
    expect(drawn).toMatch(/⣀⠤⠒ training \d\.\d{4}, mean of about 2 {3}● validation \d\.\d{4}\n$/);
    const picture = join(folder, "other.svg");
    const { training, validation } = JSON.parse(await succeed(["plot", out, "--svg", picture, "--json"]));
    expect([training.length, validation.length]).toEqual([30, 10]);
    expect(await readFile(picture, "utf8")).toBe(await readFile(join(out, "loss.svg"), "utf8"));
    const none = await anyqwen("plot", join(folder, "nowhere"));
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining("name a folder that a training run wrote to"),
    ]);
  });
});

describe("a folder that cannot be written to", () => {
  const train = (out: string, ...more: string[]) => [
    ...[
      "train",
      model,
      "--data",
      data,
      "--out",
      out,
      "--steps",
      "400",
      "--batch-size",
      "1",
      "--save-every",
      "2",
      ...more,
    ],
  ];

  it("is refused before anything is read", async () => {
    const run = await anyqwen("train", "no/such/model", "--data", data, "--out", data);
    expect([run.code, run.stderr]).toEqual([1, expect.stringMatching(/data.jsonl: the folder cannot be made: EEXIST/)]);
  });

  it("while it saves: says so, and leaves the checkpoint before it", async () => {
    const out = join(folder, "limited");
    const checkpoint = join(out, "checkpoint.safetensors");
    expect(await killed(train(out), out, 4, 0)).toBe(true);
    const before = await readFile(checkpoint);
    // no file may grow beyond 100 blocks of 512 or 1,024 bytes, where a checkpoint has 340,000
    const script = 'ulimit -f 100; exec "$@"';
    const command = ["-c", script, "sh", process.execPath, cliPath, ...train(out, "--resume")];
    const { status, stderr } = spawnSync("sh", command, { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/checkpoint.safetensors: cannot be written: it would be larger/),
    ]);
    expect((await readFile(checkpoint)).equals(before)).toBe(true);
    expect((await readdir(out)).filter((file) => file.endsWith(".part"))).toEqual([]);
  });

  const mounts = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
  if (!mounts) console.warn("the test of a full disk is skipped: no file system can be mounted here");

  it.skipIf(!mounts)(
    "a full disk is said, and when there is room again the run goes on from its checkpoint",
    async () => {
      const [out, whole] = ["full", "roomy"].map((name) => join(folder, name));
      await mkdir(out);
      const short = (where: string, ...more: string[]) => [...train(where, ...more), "--steps", "12"];
      await succeed(short(whole));
      // room for one checkpoint, not for the next beside it
      const script = `mount -t tmpfs -o size=560k tmpfs "$1" && cd "$1" || exit 9; shift
      "$@"; echo "exit $?,$(ls -m)"
      mount -o remount,size=4m .; "$@" --resume >&2; echo "exit $?"; mount -o remount,ro .; "$@"; echo "exit $?"
      base64 -w0 adapter_model.safetensors`;
      const command = ["-rm", "sh", "-c", script, "sh", out, process.execPath, cliPath, ...short(".")];
      const { stdout, stderr } = spawnSync("unshare", command, {
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1" },
      });
      const said = stdout.split("\n");
      expect(said[0], stderr).toBe("exit 1,checkpoint.safetensors, loss.svg, train_log.jsonl");
      expect(stderr).toMatch(/cannot be written: the disk is full\n/);
      expect(stderr).toMatch(/a checkpoint of step \d+ is in .; --resume goes on from it\n/);
      expect(said.slice(1, 3)).toEqual(["exit 0", "exit 1"]);
      expect(stderr).toMatch(/cannot be written: this disk can only be read\n$/);
      expect(said[3]).toBe((await adapterOf(whole)).toString("base64"));
    },
  );
});

describe("bad input", () => {
  it("an adapter that was made for another base is refused", async () => {
    const start = ["--init-adapter", fixture("train/qwen2/adapter"), "--steps", "1"];
    const run = await anyqwen("train", model, "--data", data, "--out", join(folder, "other"), ...start);
    expect([run.code, run.stderr]).toEqual([1, expect.stringMatching(/q_proj.lora_A.weight: .*made for another\n$/)]);
  });

  it("too little memory is said before it starts, with what it needs", async () => {
    const large = join(folder, "large");
    await mkdir(large);
    const config = JSON.parse(await readFile(join(model, "config.json"), "utf8"));
    const sizes = { hidden_size: 16384, intermediate_size: 65536, num_hidden_layers: 40 };
    await writeFile(join(large, "config.json"), JSON.stringify({ ...config, ...sizes }));
    const ids = join(folder, "few.jsonl");
    await writeFile(ids, '{"input_ids": [1, 2, 3]}');
    const scratch = ["--method", "scratch", "--steps", "1"];
    const run = await anyqwen("train", large, "--data", ids, "--out", join(folder, "none"), ...scratch);
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringMatching(
        /training needs at least \d{6,} MiB for examples of 3 tokens, more than the \d+ MiB that .*smaller/,
      ),
    ]);
  });
});
