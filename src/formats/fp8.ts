// Qwen's -FP8 checkpoints (the layout of DeepSeek-V3): E4M3FN weights, one scale per block of 128 x 128 in
// `weight_scale_inv`; w = e4m3 * scale. Presented as F8_128 rows. Scales per tensor or per output row fit as well.

import { AnyqwenError } from "../core/errors.ts";
import { rowBytes, type StoredTensor } from "../core/storage.ts";
import { columnCount, convertedTensor, rowCount } from "./converted-tensor.ts";
import { readFloats, type SafetensorsEntry } from "./safetensors-file.ts";

const run = 128;

/** `block` = [rows, columns] that share a scale of a `weight_scale_inv`. */
export function fp8Tensor(
  weight: SafetensorsEntry,
  scale: SafetensorsEntry,
  block: readonly [number, number],
): StoredTensor {
  const { name, shape } = weight;
  if (shape.length < 2 || weight.byteLength === 0) {
    throw new AnyqwenError("unsupported", `${name}: FP8 of shape [${shape}]; matrices are supported`);
  }
  const columns = columnCount(shape);
  const rows = shape[shape.length - 2]; // of one matrix; experts may be stacked in front
  const [rowsPerScale, columnsPerScale] = extentOf(scale, weight, rows, columns, block);
  const scaleColumns = Math.ceil(columns / columnsPerScale);
  const scaleRows = Math.ceil(rows / rowsPerScale);
  if (columnsPerScale !== columns && columnsPerScale % run !== 0) {
    throw new AnyqwenError(
      "unsupported",
      `${name}: FP8 blocks of ${columnsPerScale} columns; blocks of 128 are supported`,
    );
  }
  const stride = rowBytes("F8_128", columns);
  const runs = Math.ceil(columns / run);
  let scales: Promise<Float32Array> | undefined; // a 16,384th of the weight: kept

  return convertedTensor(
    { name, type: "F8_128", shape, place: { source: weight.source, offset: weight.start } },
    async (first, count) => {
      scales ??= readFloats(scale);
      const values = await scales;
      const raw = new Uint8Array(count * columns);
      await weight.read(first * columns, raw);
      const out = new Uint8Array(count * stride);
      const view = new DataView(out.buffer);
      for (let r = 0; r < count; r++) {
        const matrix = Math.floor((first + r) / rows);
        const scaleRow = matrix * scaleRows + Math.floor(((first + r) % rows) / rowsPerScale);
        for (let i = 0; i < runs; i++) {
          const at = r * stride + i * (4 + run);
          view.setFloat32(at, values[scaleRow * scaleColumns + Math.floor((i * run) / columnsPerScale)], true);
          out.set(raw.subarray(r * columns + i * run, r * columns + Math.min(columns, (i + 1) * run)), at + 4);
        }
      }
      return out;
    },
  );
}

/** Rows and columns of the weight that share a scale. */
function extentOf(
  scale: SafetensorsEntry,
  weight: SafetensorsEntry,
  rows: number,
  columns: number,
  block: readonly [number, number],
): readonly [number, number] {
  const blocks = [...weight.shape.slice(0, -2), Math.ceil(rows / block[0]), Math.ceil(columns / block[1])];
  if (scale.shape.join() === blocks.join()) return block;
  const count = rowCount([...scale.shape, 1]);
  if (count === 1 && weight.shape.length === 2) return [rows, columns];
  if (count === rowCount(weight.shape)) return [1, columns];
  throw new AnyqwenError(
    "format",
    `${scale.name}: its shape [${scale.shape}] does not fit ${weight.name} [${weight.shape}] in blocks of [${block}]`,
  );
}
