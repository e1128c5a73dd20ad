import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { openCheckpoint } from "../formats/open-checkpoint.ts";
import { openModel } from "./open.ts";
import { countParameters } from "./parameters.ts";

const fixtures = fileURLToPath(new URL("../../test/fixtures/", import.meta.url));
const open = async (path: string) => openCheckpoint(await nodeFiles(fixtures + path));

/** The checkpoint with some of its tensors left out or added. */
function changed(
  checkpoint: Checkpoint,
  { without = /^$/, more = [] }: { without?: RegExp; more?: readonly string[] },
): Checkpoint {
  const kept = [...checkpoint.tensors].filter(([name]) => !without.test(name));
  const some = kept[0][1];
  return { ...checkpoint, tensors: new Map([...kept, ...more.map((name) => [name, some] as const)]) };
}

describe.each(["models/qwen3_5_mtp", "gguf/qwen3_5_mtp-f32.gguf"])("%s", (path) => {
  it("has an MTP layer, which is bound only when it is asked for and counts as no parameters", async () => {
    await using checkpoint = disposable(await open(path));
    const model = openModel(checkpoint.value);
    expect(model.mtp).toEqual({ usable: true, announced: true });
    const plain = model.weights(model.trace());
    expect(plain.some(({ weight }) => weight.name.startsWith("mtp."))).toBe(false);
    const all = model.weights(model.trace({ draftVocab: 304 }));
    expect(all.filter(({ weight }) => weight.name.startsWith("mtp.")).length).toBe(15);
    expect(await countParameters(all)).toEqual(await countParameters(plain));
  });

  it("runs without it where tensors are missing, and says which when it is asked for", async () => {
    await using checkpoint = disposable(await open(path));
    const missing = openModel(changed(checkpoint.value, { without: /^mtp\.fc|nextn\.eh_proj/ }));
    expect(missing.trace().draft).toBeUndefined();
    expect(missing.mtp).toMatchObject({ usable: false, announced: true });
    const name = path.endsWith("gguf") ? "blk.4.nextn.eh_proj.weight" : "mtp.fc.weight";
    expect(() => missing.trace({ draftVocab: 304 })).toThrow(`its MTP layer cannot be used: ${name}: not among`);
    const gone = openModel(changed(checkpoint.value, { without: /^mtp\.|^blk\.4\./ }));
    const said = path.endsWith("gguf") ? "qwen35.nextn_predict_layers is 1" : '"mtp_num_hidden_layers": 1';
    expect(gone.mtp.problem).toContain(`${said}, but none of the MTP layer's tensors is there`);
  });

  it("uses the first of several layers", async () => {
    await using checkpoint = disposable(await open(path));
    const more = ["mtp.layers.1.mlp.up_proj.weight", "blk.5.nextn.eh_proj.weight"];
    expect(openModel(changed(checkpoint.value, { more })).mtp.usable).toBe(true);
  });
});

it("says of a model without one that there is none", async () => {
  await using checkpoint = disposable(await open("models/qwen3_5_text"));
  const model = openModel(checkpoint.value);
  expect(model.mtp.announced).toBe(false);
  expect(() => model.trace({ draftVocab: 304 })).toThrow("it has no MTP layer");
});

function disposable(value: Checkpoint): AsyncDisposable & { readonly value: Checkpoint } {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}
