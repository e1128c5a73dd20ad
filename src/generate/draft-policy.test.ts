import { expect, it } from "vitest";
import { DraftPolicy } from "./draft-policy.ts";

it("asks for more where drafts hold, for as many as held where some do", () => {
  const policy = new DraftPolicy();
  const sizes = [2, 3, 3].map(() => {
    const size = policy.next();
    policy.took(size, size);
    return size;
  });
  expect(sizes).toEqual([2, 3, 3]);
  policy.took(3, 1);
  expect(policy.next()).toBe(1);
});

it("rests longer and longer where none hold, and wakes with the first that does", () => {
  const policy = new DraftPolicy();
  let drafted = 0;
  for (let step = 0; step < 1000; step++) {
    const size = policy.next();
    drafted += size;
    if (size > 0) policy.took(size, 0);
  }
  expect(drafted).toBeLessThan(25);
  let size = 0;
  for (let step = 0; size === 0 && step < 100; step++) size = policy.next();
  policy.took(size, size);
  expect(policy.next()).toBe(2);
});
