// Waiting for Dawn lets the process sleep, and ends with what is waited for.
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { patiently } from "./patience.ts";

/** How many turns of the event loop there are until a promise is kept, counted from 3 ms on, where each begins the next at once, as Dawn's do. */
async function turnsUntil(promise: Promise<unknown>): Promise<number> {
  const start = performance.now();
  let turns = 0;
  let kept = false;
  const turn = (): void => {
    if (performance.now() - start > 3) turns++;
    if (!kept) setImmediate(turn);
  };
  turn();
  await promise;
  kept = true;
  return turns;
}

describe("patiently", () => {
  it("holds turns up while something is waited for, and no longer", async () => {
    const sleeps = vi.spyOn(Atomics, "wait");
    // Each takes 0.3 ms at least, a tenth of what has been waited.
    expect(await turnsUntil(Promise.all([patiently(delay(50)), patiently(delay(50))]))).toBeLessThan(60 / 0.3);
    expect(sleeps).toHaveBeenCalled();
    sleeps.mockClear();
    await turnsUntil(delay(10));
    expect(sleeps).not.toHaveBeenCalled();
    sleeps.mockRestore();
  });

  it("gives what is promised", async () => {
    expect(await patiently(delay(3, "done"))).toBe("done");
    await expect(patiently(Promise.reject(new Error("lost")))).rejects.toThrow("lost");
  });
});
