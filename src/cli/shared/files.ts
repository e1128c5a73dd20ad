// Files that commands write: to a temporary name beside the target, synced, renamed last. Whatever interrupts the command
// leaves either the old file or the new one.

import { open, rename, rm } from "node:fs/promises";
import { AnyqwenError } from "../../core/errors.ts";

export async function writeAtomically(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onProgress?: (bytes: number) => void,
): Promise<number> {
  const temporary = `${path}.${process.pid}.part`;
  const fail = (cause: NodeJS.ErrnoException): never => {
    const why = cause.code === "ENOSPC" ? "the disk is full" : cause.message;
    throw new AnyqwenError("io", `${path}: could not be written (${why})`, { cause });
  };
  const handle = await open(temporary, "wx").catch(fail);
  let written = 0;
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; ) {
        const { bytesWritten } = await handle.write(piece, at, piece.length - at).catch(fail);
        at += bytesWritten;
      }
      written += piece.length;
      onProgress?.(written);
    }
    await handle.sync().catch(fail);
    await handle.close();
    await rename(temporary, path).catch(fail);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  return written;
}
