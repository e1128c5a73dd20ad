// A stored tensor whose bytes lie in one piece of a source, as nearly all do.

import type { ByteSource } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";

/** The tensor's bytes are those of `source` from `start` on. */
export function sliceTensor(
  source: ByteSource,
  tensor: Pick<StoredTensor, "name" | "type" | "shape" | "byteLength">,
  start: number,
): StoredTensor {
  return {
    ...tensor,
    place: { source, offset: start },
    async read(offset, into) {
      checkTensorRange(tensor, offset, into.length);
      await source.read(start + offset, into);
    },
  };
}

/** Fails unless [offset, offset + length) lies within the tensor. */
export function checkTensorRange(tensor: { name: string; byteLength: number }, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && offset + length <= tensor.byteLength) return;
  throw new AnyqwenError(
    "internal",
    `${tensor.name}: bytes ${offset} to ${offset + length} of ${tensor.byteLength} were asked for`,
  );
}
