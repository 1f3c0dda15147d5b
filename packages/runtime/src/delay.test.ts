// Waiting ends in time, or with the signal.
import { expect, test } from "vitest";
import { delay } from "./delay.ts";

test("takes as long as it is asked to", async () => {
  const began = performance.now();
  await delay(30);
  expect(performance.now() - began).toBeGreaterThan(28);
});

test("a signal ends it at once, with its reason", async () => {
  const reason = new Error("enough");
  const stopping = new AbortController();
  const waiting = delay(60_000, stopping.signal);
  stopping.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(delay(60_000, stopping.signal)).rejects.toBe(reason);
});
