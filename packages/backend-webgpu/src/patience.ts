// Waiting for a device in Node without keeping a processor busy. Dawn asks for events in every turn of the event loop, and begins the next turn at
// once: where a driver computes on processors, that takes one from it.
import { usesDawn } from "./gpu.ts";

/** Milliseconds of waiting before turns are held up: what is done soon is heard of at once. */
const eager = 0.5;
/** Milliseconds by which a turn is then held up at most; what else the process does waits no longer. */
const longest = 1;

/** How much is being waited for. However much it is, one chain of turns is held up. */
let waits = 0;
let turning = false;
let since = 0;
let never: Int32Array | undefined;

function turn(): void {
  turning = waits > 0;
  if (!turning) return;
  never ??= new Int32Array(new SharedArrayBuffer(4));
  const waited = performance.now() - since;
  if (waited > eager) Atomics.wait(never, 0, 0, Math.min(waited / 10, longest));
  (globalThis as unknown as { setImmediate(turn: () => void): unknown }).setImmediate(turn);
}

/** What a device promises. In Node, the process sleeps most of the time until then. */
export async function patiently<T>(promise: Promise<T>): Promise<T> {
  if (!usesDawn()) return promise;
  waits++;
  since = performance.now();
  if (!turning) turn();
  try {
    return await promise;
  } finally {
    waits--;
  }
}
