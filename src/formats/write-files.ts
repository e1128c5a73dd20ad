// Files written on disk: to a temporary name beside the target, synced, renamed last. Whatever interrupts us
// leaves either the old file or the new one.

import { constants } from "node:fs";
import { access, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AnyqwenError } from "../core/errors.ts";

/** Said before the work, not after it: a folder that is not there, a name that is one, a place where nothing may be written. */
export async function checkOutput(path: string): Promise<void> {
  const target = await stat(path).catch(() => undefined);
  if (target?.isDirectory()) throw failure(path, "it is a folder; name a file in it");
  await access(`${dirname(path)}/`, constants.W_OK).catch((cause) => throwFailure(path, cause));
}

export async function writeAtomically(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onProgress?: (bytes: number) => void,
): Promise<number> {
  await checkOutput(path);
  const temporary = `${path}.${process.pid}.part`;
  const fail = (cause: NodeJS.ErrnoException) => throwFailure(path, cause);
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

function throwFailure(path: string, cause: NodeJS.ErrnoException): never {
  throw writeFailure(path, cause);
}

/** What the operating system said about a file that could not be written, in plain words; code "io". */
export function writeFailure(path: string, cause: unknown): AnyqwenError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  return failure(path, reasons[code] ?? message, cause);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EACCES: "it is not allowed here",
  EPERM: "it is not allowed here",
  EROFS: "this disk can only be read",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EFBIG: "it would be larger than files may be here",
};

function failure(path: string, why: string, cause?: unknown): AnyqwenError {
  return new AnyqwenError("io", `${path}: cannot be written: ${why}`, { cause });
}
