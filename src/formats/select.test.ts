import { describe, expect, it } from "vitest";
import { rowBytes, type StorageType, type StoredTensor } from "../core/storage.ts";
import { dequantiseRows } from "./dequantise.ts";
import { quantised } from "./quantise.ts";
import { type Run, selectColumns, selectRows } from "./select.ts";

const [ROWS, COLUMNS] = [6, 512];

function matrix(type: StorageType, shape: readonly number[] = [ROWS, COLUMNS]): StoredTensor {
  const bytes = new Uint8Array(Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(i * 1.7) * 3).buffer);
  const floats = {
    name: "m",
    type: "F32" as const,
    shape,
    byteLength: bytes.length,
    read: async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length)),
  };
  return quantised(floats, type);
}

/** Values by the layer's rows and columns, read in pieces. */
async function valuesOf(tensor: StoredTensor, columns = COLUMNS): Promise<number[][]> {
  const bytes = new Uint8Array(tensor.byteLength);
  for (let at = 0; at < bytes.length; at += 777) await tensor.read(at, bytes.subarray(at, at + 777));
  const values = new Float32Array((bytes.length / rowBytes(tensor.type, columns)) * columns);
  dequantiseRows(tensor.type, bytes, columns, values);
  return Array.from({ length: values.length / columns }, (_, row) => {
    const stored = values.subarray(row * columns, (row + 1) * columns);
    const out = new Array<number>(columns);
    stored.forEach((value, c) => {
      out[tensor.columns?.[c] ?? c] = value;
    });
    return out;
  });
}

describe.each<StorageType>(["F32", "F16", "Q8_0", "Q4_K"])("%s", (type) => {
  const runs: Run[] = [
    { start: 384, count: 128 },
    { start: 0, count: 128 },
    { start: 256, count: 128 },
    { start: 128, count: 128 },
  ];

  it("columns in another order, also where blocks reach over several runs", async () => {
    const all = await valuesOf(matrix(type));
    const chosen = selectColumns(matrix(type), runs);
    expect(chosen.type).toBe(type);
    expect(await valuesOf(chosen)).toEqual(
      all.map((row) => runs.flatMap(({ start, count }) => row.slice(start, start + count))),
    );
  });

  it("rows in another order, some of them", async () => {
    const all = await valuesOf(matrix(type));
    const chosen = selectRows(
      matrix(type),
      [
        { start: 4, count: 2 },
        { start: 1, count: 1 },
      ],
      [3, COLUMNS],
    );
    expect(await valuesOf(chosen)).toEqual([all[4], all[5], all[1]]);
  });
});

it("the elements of a vector are its rows", async () => {
  const chosen = selectRows(matrix("F32", [ROWS * COLUMNS]), [{ start: 7, count: 2 }], [2]);
  const [[a, b]] = await valuesOf(chosen, 2);
  expect([a, b]).toEqual([7, 8].map((i) => Math.fround(Math.sin(i * 1.7) * 3)));
});
