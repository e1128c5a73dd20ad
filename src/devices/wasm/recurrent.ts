// Where the recurrent states of sequences lie: in every bank that holds such layers one piece of memory per state, layer after layer.
// What of it is whose, and what goes first when there is no room, is core/recurrent-state.ts's.

import type { StateMemory } from "../../core/recurrent-state.ts";
import { type DeltaShape, deltaChannels } from "../../core/trace.ts";
import { alignUp } from "./layout.ts";
import type { WasmMemory } from "./memory.ts";

/** A state's address in every memory that has a part of it. */
export type StatePlaces = ReadonlyMap<WasmMemory, number>;

/** How a layer's state lies (kernels/delta.ts): rows of the convolution's inputs, then the memory in blocks of sixteen columns. */
export function deltaLayout(shape: DeltaShape): {
  readonly inputRow: number;
  readonly memory: number;
  readonly bytes: number;
} {
  const { taps, valueHeads, keyDim, valueDim } = shape;
  const inputRow = alignUp(deltaChannels(shape), 16) * 4;
  const memory = (taps - 1) * inputRow;
  return { inputRow, memory, bytes: memory + valueHeads * keyDim * alignUp(valueDim, 16) * 4 };
}

export function stateMemory(
  banks: readonly { readonly memory: WasmMemory; readonly stateBytes: number }[],
): StateMemory<StatePlaces> {
  const free = (places: StatePlaces) => {
    for (const { memory, stateBytes } of banks) {
      const address = places.get(memory);
      if (address !== undefined) memory.release(address, stateBytes);
    }
  };
  return {
    bytes: banks.reduce((sum, { stateBytes }) => sum + stateBytes, 0),
    free,
    allocate(like) {
      const places = new Map<WasmMemory, number>();
      try {
        for (const { memory, stateBytes } of banks) places.set(memory, memory.acquire(stateBytes));
      } catch (error) {
        free(places);
        throw error;
      }
      for (const { memory, stateBytes } of banks) {
        const [to, from] = [places.get(memory), like?.get(memory)];
        if (to === undefined) continue;
        if (from === undefined) memory.bytes.fill(0, to, to + stateBytes);
        else memory.bytes.copyWithin(to, from, from + stateBytes);
      }
      return places;
    },
    *pieces(places) {
      for (const { memory, stateBytes } of banks) {
        const address = places.get(memory) ?? 0;
        yield memory.bytes.subarray(address, address + stateBytes);
      }
    },
  };
}
