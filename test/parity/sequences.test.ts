// Whatever sequences of a dense or a hybrid model go through together, feeding, forking, going back, losing their room and being
// saved, each one's next answer has the bits of a fresh run.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CheckpointMarks } from "../../src/engine/checkpoints.ts";
import { type Sequence, SequencePool } from "../../src/engine/sequences.ts";
import { devices } from "./devices.ts";
import { load } from "./harness.ts";

const START = 7; // begins a message
const CONTEXT = 1024;
const anyone = fc.nat(40);
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("feed" as const),
      who: anyone,
      ids: fc.array(fc.nat(9), { minLength: 1, maxLength: 90, size: "max" }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("fork" as const), who: anyone }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("rewind" as const), who: anyone, length: fc.nat(200) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("save" as const, "drop" as const, "release" as const), who: anyone }),
  },
);

describe.each(devices.filter(({ name }) => name !== "reference"))("$name", (device) => {
  test.each([
    { path: "models/qwen3_tied", states: undefined },
    { path: "models/qwen3_5_text", states: 3 },
    { path: "models/qwen3_5_text", states: 16 },
  ])("$path, $states states", async ({ path, states }) => {
    const options = { kv: "f16", contextTokens: CONTEXT, maxTokens: 128, maxRows: 1, states } as const;
    const { executor } = await load(device, path, options);
    const other = (await load(device, path, options)).executor;

    /** The logits after these ids, computed in one go by an executor that holds nothing else. */
    const fresh = (ids: readonly number[]) => {
      const state = other.createState();
      for (let at = 0; at < ids.length; at += 128)
        other.step([
          {
            state,
            tokens: ids.slice(at, at + 128),
            rows: at + 128 >= ids.length ? [ids.slice(at, at + 128).length - 1] : [],
          },
        ]);
      state.release();
      return other.read("logits");
    };

    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 25, size: "max" }), (actions) => {
        const pool = new SequencePool(executor, CONTEXT, states);
        const all: Sequence[] = [pool.create()];
        for (const one of actions) {
          const who = all[one.who % all.length];
          switch (one.kind) {
            case "feed": {
              const ids = [...who.tokens, ...one.ids].slice(0, 400);
              who.aim(ids);
              pool.borrow(who);
              if (pool.recurrent) who.marks = new CheckpointMarks(ids, START);
              while (who.held < ids.length) {
                const count = who.upToMark(Math.min(50, ids.length - who.held));
                pool.require(who, who.held + count);
                const tokens = ids.slice(who.held, who.held + count);
                executor.step([{ state: who.state, tokens, rows: [count - 1] }]);
                pool.settle();
              }
              pool.touch(who);
              expect(executor.read("logits")).toEqual(fresh(ids));
              break;
            }
            case "fork":
              if (all.length < 6) all.push(pool.fork(who));
              break;
            case "rewind":
              who.rewind(Math.min(one.length, who.tokens.length));
              break;
            case "drop":
              pool.drop(who);
              break;
            case "save": {
              // what is held goes into a file and comes back
              const [saved, { held }] = [who.state.save(), who];
              pool.drop(who);
              if (held === 0 || !pool.reserve(who, held)) break;
              who.state.restore(saved, held);
              pool.settle();
              break;
            }
            case "release":
              if (all.length > 1) pool.release(all.splice(all.indexOf(who), 1)[0]);
          }
        }
        for (const each of all) pool.release(each);
      }),
      { numRuns: process.env.THOROUGH === undefined ? 30 : 100 },
    );
    executor.dispose();
    other.dispose();
  });
});
