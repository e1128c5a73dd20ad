// Letting messages in between steps: a step blocks its thread, so the engine goes once through the event queue after each.

type SetImmediate = (callback: () => void) => void;

/** Resolves after everything that waits in the event queue now; a timer would wait at least a millisecond. */
export const nextTurn: () => Promise<void> = makeNextTurn();

function makeNextTurn(): () => Promise<void> {
  const immediate = (globalThis as { setImmediate?: SetImmediate }).setImmediate;
  if (immediate) return () => new Promise((resolve) => immediate(resolve));
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
