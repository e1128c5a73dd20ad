// One process at a time pulls or removes a repository (Node). A lock file holds who; its modification time is a heartbeat. A
// lock whose heart stopped, or whose process is gone, is taken over: renamed away first, so that of two heirs one wins.

import { randomUUID } from "node:crypto";
import { open, readFile, readlink, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { AnyqwenError } from "../core/errors.ts";
import { diskFailure } from "./download.ts";
import { pause } from "./retry.ts";

interface Owner {
  readonly id: string;
  readonly pid: number;
  /** Process ids mean something on this machine (and in this container) only. */
  readonly machine: string;
}

const beatMs = 2_000;
const deadMs = 15_000;
const pollMs = 100;

export interface LockOptions {
  readonly wait: boolean;
  readonly signal?: AbortSignal;
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: (who: string) => void;
}

/** Runs `work` while holding the lock at `path`. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const owner: Owner = { id: randomUUID(), pid: process.pid, machine: await machine() };
  await acquire(path, owner, options);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, beatMs);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // Only our own: one that looked dead (a suspended laptop) may have been taken over.
    if ((await read(path))?.owner?.id === owner.id) await rm(path, { force: true });
  }
}

async function acquire(path: string, owner: Owner, options: LockOptions): Promise<void> {
  let told = false;
  for (;;) {
    if (await create(path, owner)) return;
    const held = await read(path);
    if (held === undefined) continue;
    if (await isDead(held, owner.machine)) {
      await takeAway(path, held);
      continue;
    }
    const who = held.owner ? `process ${held.owner.pid} on ${held.owner.machine.split(" ")[0]}` : "another process";
    if (!options.wait) {
      throw new AnyqwenError("io", `${path}: ${who} is pulling or removing this model; try again when it is done`);
    }
    if (!told) options.onWait?.(who);
    told = true;
    await pause(pollMs, options.signal);
  }
}

/** False if there is one. Written in one piece under another name would need a link; a torn one counts as young and unknown. */
async function create(path: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await open(path, "wx");
    try {
      await handle.writeFile(JSON.stringify(owner));
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    return diskFailure(path, cause as NodeJS.ErrnoException);
  }
}

interface Held {
  readonly text: string;
  /** Absent while it is being written, or if it is damaged. */
  readonly owner?: Owner;
  readonly beatAt: number;
}

async function read(path: string): Promise<Held | undefined> {
  try {
    const [text, info] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    return { text, owner: parse(text), beatAt: info.mtimeMs };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return diskFailure(path, cause as NodeJS.ErrnoException);
  }
}

function parse(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    const whole = typeof owner?.id === "string" && Number.isSafeInteger(owner.pid) && typeof owner.machine === "string";
    return whole ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

async function isDead(held: Held, here: string): Promise<boolean> {
  if (Date.now() - held.beatAt > deadMs) return true;
  if (held.owner?.machine !== here) return false;
  try {
    process.kill(held.owner.pid, 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Removes the dead lock, unless somebody was faster: then what was moved away is a living one and goes back. */
async function takeAway(path: string, dead: Held): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    diskFailure(path, cause as NodeJS.ErrnoException);
  }
  const moved = await read(aside);
  if (moved !== undefined && moved.text !== dead.text) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function machine(): Promise<string> {
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return `${hostname()} ${namespace}`;
}
