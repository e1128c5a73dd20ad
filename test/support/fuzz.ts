// Mutation of byte files by a seeded generator: the same seed gives the same inputs, so a failure can be run again.
// FUZZ_RUNS and FUZZ_SEED choose how many and which.

import { AnyqwenError } from "../../src/core/errors.ts";
import { joined } from "./formats.ts";

export const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 2000);
const fuzzSeed = Number(process.env.FUZZ_SEED ?? 1);

/** Whole numbers below a bound, from a seed. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift32, scrambled first so that neighbouring seeds differ. */
function randomFrom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const interesting = [
  0n,
  1n,
  2n,
  7n,
  8n,
  31n,
  32n,
  255n,
  256n,
  65535n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
];
const huge = [2n ** 53n - 1n, 2n ** 53n, 2n ** 60n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

/** A damaged copy: a few bits, bytes, numbers or pieces changed, mostly within the first `header` bytes. */
export function mutate(bytes: Uint8Array, random: Random, header = bytes.length): Uint8Array {
  let out: Uint8Array = Uint8Array.from(bytes);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    if (out.length === 0) return out;
    const at = random(random(8) === 0 ? out.length : Math.min(header, out.length));
    const view = new DataView(out.buffer, out.byteOffset, out.length);
    switch (random(9)) {
      case 0:
        out[at] ^= 1 << random(8);
        break;
      case 1:
        out[at] = random(256);
        break;
      case 2:
        if (at + 4 <= out.length) view.setUint32(at, Number(pick(interesting, random) & 0xffffffffn), true);
        break;
      case 3:
        if (at + 8 <= out.length) view.setBigUint64(at, pick([...interesting, ...huge], random), true);
        break;
      case 4:
        out = out.slice(0, at);
        break;
      case 5:
        out = joined(out, new Uint8Array(random(64)));
        break;
      case 6: {
        const length = random(32);
        out.copyWithin(random(out.length), at, at + length);
        break;
      }
      case 7: {
        const cut = random(16);
        out = joined(out.subarray(0, at), out.subarray(at + cut));
        break;
      }
      default: {
        const again = out.subarray(at, at + random(32));
        out = joined(out.subarray(0, at), again, out.subarray(at));
      }
    }
  }
  return out;
}

/** A damaged copy of JSON text: characters, numbers, or whole words replaced. */
export function mutateJson(text: string, random: Random): string {
  const words = [
    "-1",
    "0",
    "1e308",
    "9007199254740993",
    '""',
    "null",
    "[]",
    "{}",
    "true",
    '"__proto__"',
    "1.5",
    "[[[[",
    '"F32"',
  ];
  let out = text;
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const tokens = out.match(/"[^"]*"|-?\d+|[[\]{},:]|[^"\d[\]{},:]+/g) ?? [];
    const at = random(Math.max(1, tokens.length));
    const change = random(5);
    if (change === 0) tokens.splice(at, 1);
    else if (change === 1) tokens.splice(at, 0, tokens[random(Math.max(1, tokens.length))] ?? "");
    else tokens[at] = pick(words, random);
    out = tokens.join("");
  }
  return out;
}

export function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)];
}

/**
 * Runs `attempt` on `fuzzRuns` inputs. An AnyqwenError is an answer, any other error, a slow run or one that
 * allocates out of proportion fails with the seed that repeats it. Returns how many were accepted.
 */
export async function fuzz(attempt: (random: Random) => Promise<void>): Promise<number> {
  let accepted = 0;
  for (let run = 0; run < fuzzRuns; run++) {
    const seed = fuzzSeed + run;
    const [started, buffers] = [performance.now(), process.memoryUsage().arrayBuffers];
    try {
      await attempt(randomFrom(seed));
      accepted++;
    } catch (error) {
      if (!(error instanceof AnyqwenError) || error.code === "internal") {
        throw new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=1: ${error}`, { cause: error });
      }
    }
    const grown = process.memoryUsage().arrayBuffers - buffers;
    if (grown > 64 * 2 ** 20) throw new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=1: allocated ${grown} bytes`);
    const took = performance.now() - started;
    if (took > 5000) throw new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=1: took ${took} ms`);
  }
  return accepted;
}
