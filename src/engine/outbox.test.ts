import { expect, it } from "vitest";
import { Outbox } from "./outbox.ts";
import type { Part } from "./types.ts";

it("joins neighbours of one kind, and pieces of one call", () => {
  const sent: (readonly Part[])[] = [];
  const outbox = new Outbox((parts) => sent.push(parts));
  outbox.push([{ type: "text", text: "first", ids: [1] }]);
  outbox.push([{ type: "text", text: "a", ids: [2] }]);
  outbox.push([{ type: "text", text: "b", ids: [3] }]);
  outbox.push([{ type: "tool-call-delta", id: "1", arguments: "{" }]);
  outbox.push([{ type: "tool-call-delta", id: "1", arguments: '"x"' }]);
  outbox.push([{ type: "tool-call-delta", id: "2", arguments: "{" }]);
  const end = { type: "end", reason: "stop", tokens: [1, 2, 3], seed: 1 } as unknown as Part;
  outbox.push([end]);
  expect(sent.flat()).toEqual([
    { type: "text", text: "first", ids: [1] },
    { type: "text", text: "ab", ids: [2, 3] },
    { type: "tool-call-delta", id: "1", arguments: '{"x"' },
    { type: "tool-call-delta", id: "2", arguments: "{" },
    end,
  ]);
});
