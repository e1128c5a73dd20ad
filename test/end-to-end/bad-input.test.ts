// Files and machines that are not as they should be, as a user meets them: one line that says what was found and what to do, exit
// code 1, nothing half-written. What each reader refuses is tested beside it; here is what reaches the terminal.

import { EventEmitter, once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HubServer } from "../../src/hub/testing/hub-server.ts";
import { anyqwen, fixture, succeed } from "./anyqwen.ts";

const gguf = fixture("gguf/qwen3_tied-f16.gguf");
const model = fixture("models/qwen3_tied");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-bad-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fails(args: readonly string[], expected: RegExp, env?: Readonly<Record<string, string>>): Promise<void> {
  const { code, stdout, stderr } = await anyqwen(args, { env });
  expect([code, stdout], `${args.join(" ")}: ${stderr}`).toEqual([1, ""]);
  expect(stderr).toMatch(expected);
  expect(stderr, "one line").toMatch(/^error: [^\n]+\n$/);
}

/** A copy of the model with one file changed. */
async function changed(name: string, change: (copy: string) => Promise<unknown>): Promise<string> {
  const copy = join(folder, name);
  await cp(model, copy, { recursive: true });
  await change(copy);
  return copy;
}

describe("files", () => {
  it("truncated, empty and foreign", async () => {
    const short = join(folder, "short.gguf");
    await cp(gguf, short);
    for (const [length, expected] of [
      [100_000, /blk\.0\.attn_output\.weight: it needs bytes .* the file has 100000 \(cut short\?\)/],
      [2000, /more than the file's 2000 bytes can hold; the file is damaged/],
      [0, /it ends at byte 0, inside its header/],
    ] as const) {
      await truncate(short, length);
      await fails(["run", short, "hi"], expected);
    }
    const foreign = join(folder, "foreign.gguf");
    await writeFile(foreign, "PK\u0003\u0004, a zip archive");
    await fails(["inspect", foreign], /it starts with 0x[0-9a-f]+ and not with "GGUF"/);
    const other = join(folder, "pytorch_model.bin");
    await writeFile(other, "x");
    await fails(["run", other, "hi"], /PyTorch .bin files are not read; download the safetensors version/);
    const cut = await changed("cut", (copy) => truncate(join(copy, "model.safetensors"), 90_000));
    await fails(["run", cut, "hi"], /it needs bytes up to \d+, but the file has 90000 \(cut short\?\)/);
  });

  it("oversized: what comes after the last tensor is nobody's", async () => {
    const long = join(folder, "long.gguf");
    await writeFile(long, Buffer.concat([await readFile(gguf), Buffer.alloc(100_000, 7)]));
    const args = ["--raw", "-t", "0", "-n", "4", "--device", "reference"];
    expect(await succeed(["run", long, "the", ...args])).toBe(await succeed(["run", gguf, "the", ...args]));
  });

  it("cyclic", async () => {
    const loop = join(folder, "loop.gguf");
    await symlink("loop.gguf", loop);
    await fails(["run", loop, "hi"], /loop\.gguf: no such file or directory/);
    const round = join(folder, "round");
    await mkdir(join(round, "sub"), { recursive: true });
    await symlink("../../round", join(round, "sub", "again"));
    await fails(["run", round, "hi"], /there is no model here; expected .gguf or .safetensors/);
  });

  it("lying: a configuration of another model, an unknown architecture, an unknown type", async () => {
    const config = JSON.parse(await readFile(join(model, "config.json"), "utf8"));
    const write = (changes: object) => (copy: string) =>
      writeFile(join(copy, "config.json"), JSON.stringify({ ...config, ...changes }));
    const wider = await changed("wider", write({ hidden_size: 128 }));
    await fails(
      ["run", wider, "hi"],
      /expected \[320, 128\], the file has \[320, 64\]; configuration and weights are not/,
    );
    const llama = await changed("llama", write({ model_type: "llama" }));
    await fails(["run", llama, "hi"], /model_type in config.json is "llama"; supported are qwen2, /);
    const bytes = await readFile(gguf);
    const at = bytes.indexOf("output_norm.weight") + "output_norm.weight".length;
    // n_dims u32, one dimension u64, then the type.
    bytes.writeUInt32LE(19, at + 12);
    const odd = join(folder, "odd.gguf");
    await writeFile(odd, bytes);
    await fails(["run", odd, "hi"], /output_norm\.weight: type IQ1_S is not supported; re-quantise/);
  });
});

describe("templates", () => {
  it("that never end, and those that fail", async () => {
    const talk = join(folder, "talk.json");
    await writeFile(talk, '[{"role":"user","content":"hi"}]');
    for (const [source, expected] of [
      [
        "{% for i in range(999999) %}{% for j in range(999999) %}{% endfor %}{% endfor %}",
        /it ran for more than 2 s; /,
      ],
      ["{% for i in", /the chat template cannot be read: /],
      ["{{ raise_exception('no tools here') }}", /the chat template refuses the conversation: no tools here/],
    ] as const) {
      const template = join(folder, "chat.jinja");
      await writeFile(template, source);
      await fails(["template", template, "-i", talk], expected);
    }
    const endless = await changed("endless", (copy) =>
      writeFile(
        join(copy, "chat_template.jinja"),
        "{% for i in range(999999) %}{% for j in range(999999) %}{{ i }}{% endfor %}{% endfor %}",
      ),
    );
    await fails(["run", endless, "hi"], /the chat template was ended: .*; take another template or model/);
  });
});

describe("the machine", () => {
  it("without SIMD says so", async () => {
    const env = { NODE_OPTIONS: "--import=data:text/javascript,WebAssembly.validate=()=>false" };
    await fails(["run", gguf, "hi"], /this runtime has no WebAssembly SIMD; /, env);
  });

  it("with a place that cannot be written says so before the work, and leaves nothing", async () => {
    const before = await readdir(folder);
    const ids = join(model, "expected.safetensors");
    const nowhere = join(folder, "none", "x");
    for (const args of [
      ["logits", model, "-i", ids, "-o", nowhere],
      ["embed", model, "hi", "-o", nowhere],
      ["quantize", gguf, "-t", "q8_0", "-o", nowhere],
      ["inspect", gguf, "--tensor", "output_norm.weight", "-o", nowhere],
    ]) {
      await fails(args, /none\/x: cannot be written: there is no such folder/);
    }
    await fails(["quantize", gguf, "-t", "q8_0", "-o", folder], /cannot be written: it is a folder; name a file in it/);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("pull", () => {
  it("into a cache that cannot be written, and onto a disk with too little room", async () => {
    const server = await new HubServer().start();
    try {
      server.add("Qwen/Tiny-GGUF", { "tiny-f16.gguf": await readFile(gguf) });
      const file = join(folder, "file");
      await writeFile(file, "");
      const env = { HF_ENDPOINT: server.url, HF_HUB_CACHE: join(file, "hub") };
      await fails(["pull", "Qwen/Tiny-GGUF"], /cannot be written \((ENOTDIR|EEXIST)\).*HF_HOME/, env);
      const size = 2 ** 52;
      server.lie = () => ({
        sha: server.commit,
        siblings: [{ rfilename: "a.gguf", size, lfs: { sha256: "0".repeat(64), size } }],
      });
      server.treeless = true;
      const cache = { ...env, HF_HUB_CACHE: join(folder, "cache") };
      await fails(["pull", "Qwen/Tiny-GGUF"], /bytes free and 4503599627370496 are needed; free some space/, cache);
    } finally {
      await server.stop();
    }
  });

  it("that is interrupted ends with 130 and goes on where it was", async () => {
    const server = await new HubServer().start();
    try {
      const body = await readFile(gguf);
      server.add("Qwen/Tiny-GGUF", { "tiny-f16.gguf": body });
      const env = { HF_ENDPOINT: server.url, HF_HUB_CACHE: join(folder, "interrupted") };
      const events = new EventEmitter();
      server.fault = (request, response, whole) => {
        if (request.method !== "GET") return false;
        response.setHeader("content-length", whole.length);
        response.write(whole.subarray(0, 100_000), () => setTimeout(() => events.emit("halfway"), 200));
        return true;
      };
      const halfway = once(events, "halfway");
      const stopped = await anyqwen(["pull", "Qwen/Tiny-GGUF"], { env, interruptOn: halfway });
      expect([stopped.code, stopped.stdout]).toEqual([130, ""]);
      expect(stopped.stderr).toBe("stopped; the same command goes on from here\ninterrupted\n");
      expect(await succeed(["list"], { env })).toBe("");
      server.fault = () => false;
      server.sent = 0;
      await succeed(["pull", "Qwen/Tiny-GGUF"], { env });
      expect(server.sent).toBe(body.length - 100_000);
    } finally {
      await server.stop();
    }
  });

  it("while another process pulls the same model fails with --no-wait, else waits for it", async () => {
    const server = await new HubServer().start();
    try {
      server.add("Qwen/Tiny-GGUF", { "tiny-f16.gguf": await readFile(gguf) });
      const env = { HF_ENDPOINT: server.url, HF_HUB_CACHE: join(folder, "shared") };
      const events = new EventEmitter();
      const asked = once(events, "asked");
      server.fault = (request, response, body) => {
        if (request.method !== "GET") return false;
        events.once("go", () => response.end(body));
        events.emit("asked");
        return true;
      };
      const first = anyqwen(["pull", "Qwen/Tiny-GGUF"], { env });
      await asked;
      server.fault = () => false;
      await fails(
        ["pull", "Qwen/Tiny-GGUF", "--no-wait"],
        /process \d+ on .* is pulling or removing this model; try again/,
        env,
      );
      const second = anyqwen(["pull", "Qwen/Tiny-GGUF"], { env });
      events.emit("go");
      const [a, b] = await Promise.all([first, second]);
      expect([a.code, b.code, b.stdout]).toEqual([0, 0, a.stdout]);
    } finally {
      await server.stop();
    }
  });
});
