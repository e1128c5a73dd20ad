import { mkdtemp, type open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { writeAtomically } from "./files.ts";

// A disk that is full after 10 bytes, and one that notices only when it is asked to sync.
const disk = vi.hoisted(() => ({ room: 10, syncs: true }));

vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof import("node:fs/promises")>();
  const full = () => Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const limited = async (...args: Parameters<typeof open>) => {
    const handle = await actual.open(...args);
    const write = handle.write.bind(handle);
    handle.write = (async (piece: Uint8Array, at: number, length: number) => {
      if (disk.room === 0) throw full();
      const some = Math.min(length, disk.room);
      disk.room -= some;
      return write(piece, at, some);
    }) as typeof handle.write;
    handle.sync = async () => {
      if (!disk.syncs) throw full();
    };
    return handle;
  };
  return { ...actual, open: limited };
});

const folder = await mkdtemp(join(tmpdir(), "anyqwen-full-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

it("a full disk is said, leaves the old file and nothing else", async () => {
  const file = join(folder, "model.gguf");
  await writeFile(file, "old");
  for (const syncs of [true, false]) {
    Object.assign(disk, { room: syncs ? 10 : 100, syncs });
    await expect(writeAtomically(file, [new Uint8Array(8), new Uint8Array(8)])).rejects.toMatchObject({
      code: "io",
      message: `${file}: cannot be written: the disk is full`,
    });
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model.gguf"]);
  }
  Object.assign(disk, { room: 16, syncs: true });
  expect(await writeAtomically(file, [new Uint8Array(8), new Uint8Array(8)])).toBe(16);
  expect((await readFile(file)).length).toBe(16);
});
