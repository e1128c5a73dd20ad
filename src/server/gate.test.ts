import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { ApiError } from "./errors.ts";
import { Gate } from "./gate.ts";

const never = new AbortController().signal;

describe("the gate", () => {
  it("lets as many in as there are slots, and the next one when one leaves", async () => {
    const gate = new Gate(2, 4);
    const leave = [await gate.enter("a", never), await gate.enter("a", never)];
    let entered = false;
    const third = gate.enter("a", never).then((out) => {
      entered = true;
      return out;
    });
    await Promise.resolve();
    expect([gate.active, gate.waiting, entered]).toEqual([2, 1, false]);
    leave[0]();
    leave[0](); // giving back twice gives back once
    await third;
    expect([gate.active, gate.waiting, entered]).toEqual([2, 0, true]);
  });

  it("takes turns between clients, not between requests", async () => {
    const gate = new Gate(1, 8);
    const leave = await gate.enter("busy", never);
    const order: string[] = [];
    const ask = async (client: string) => {
      const out = await gate.enter(client, never);
      order.push(client);
      out();
    };
    const all = ["busy", "busy", "busy", "other"].map(ask);
    leave();
    await Promise.all(all);
    expect(order).toEqual(["busy", "other", "busy", "busy"]);
  });

  it("refuses when the queue is full and says when to come again", async () => {
    const gate = new Gate(1, 1);
    await gate.enter("a", never);
    void gate.enter("a", never);
    const error = (await gate.enter("b", never).catch((refused) => refused)) as ApiError;
    expect(error.status).toBe(429);
    expect(error.details.retryAfter).toBeGreaterThanOrEqual(1);
  });

  it("forgets who gives up while waiting", async () => {
    const gate = new Gate(1, 1);
    const leave = await gate.enter("a", never);
    const abort = new AbortController();
    const waiting = gate.enter("b", abort.signal);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ status: 499 });
    expect(gate.waiting).toBe(0);
    leave();
    expect(gate.active).toBe(0);
  });

  it("leaves nothing on the signal of who waited, however the wait ended", async () => {
    const gate = new Gate(1, 3);
    const leave = await gate.enter("a", never);
    const callers = { gone: new AbortController(), admitted: new AbortController(), refused: new AbortController() };
    const waits = Object.values(callers).map(({ signal }) => gate.enter("b", signal));
    const listeners = () => Object.values(callers).map(({ signal }) => getEventListeners(signal, "abort").length);
    expect(listeners()).toEqual([1, 1, 1]);
    callers.gone.abort();
    leave();
    void gate.drain();
    const [gone, , refused] = await Promise.allSettled(waits);
    expect([gone, refused]).toMatchObject([{ reason: { status: 499 } }, { reason: { status: 503 } }]);
    expect(listeners()).toEqual([0, 0, 0]);
  });

  it("drains: those inside may end, those waiting and all others are refused", async () => {
    const gate = new Gate(1, 4);
    const leave = await gate.enter("a", never);
    const waiting = gate.enter("b", never);
    const drained = gate.drain();
    await expect(waiting).rejects.toMatchObject({ status: 503 });
    await expect(gate.enter("c", never)).rejects.toMatchObject({ status: 503 });
    leave();
    await drained;
    expect(gate.active).toBe(0);
  });
});
