import { expect, it } from "vitest";
import { AsyncQueue } from "./async-queue.ts";

async function all<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of queue.read()) found.push(item);
  return found;
}

it("gives all that was pushed before the end, also while it is read", async () => {
  const queue = new AsyncQueue<number | undefined>();
  queue.push(1, undefined);
  const reading = all(queue);
  await new Promise((resolve) => setTimeout(resolve));
  queue.push(2);
  queue.push(3);
  queue.end();
  queue.fail(new Error("too late"));
  expect(await reading).toEqual([1, undefined, 2, 3]);
});

it("fails after what was pushed before", async () => {
  const queue = new AsyncQueue<number>();
  const found: number[] = [];
  queue.push(1);
  queue.fail(new Error("broken"));
  queue.end();
  const reading = (async () => {
    for await (const item of queue.read()) found.push(item);
  })();
  await expect(reading).rejects.toThrow("broken");
  expect(found).toEqual([1]);
});
