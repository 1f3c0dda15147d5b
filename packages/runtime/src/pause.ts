// Pauses: long loops let the event loop turn now and then, so that timers, signals and messages are heard while they run.

/** A loop that has not paused for this long pauses at its next chance, ms: a fifth of what a person notices. */
const interval = 10;

/** A turn of the event loop: timers that are due, signals, messages and whatever else waits have run when it resolves. */
function turn(): Promise<void> {
  // Node and its likes have it. A timeout of 0 ms would take one, and in browsers, once nested, four.
  const { setImmediate } = globalThis as { readonly setImmediate?: (resolve: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate !== undefined) setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    }
  });
}

/**
 * Makes the pauses of one loop: a function to call once a round, whose promise, where there is one, the loop awaits. Most
 * calls read the clock and return nothing; results do not depend on when a loop pauses.
 *
 * A round is not interrupted: one that takes 50 ms is heard of after 50 ms.
 *
 * @example
 * ```ts
 * import { createPauses } from "@hooke/runtime";
 *
 * const pause = createPauses();
 * let stopped = false;
 * setTimeout(() => {
 *   stopped = true;
 * }, 20);
 * let rounds = 0;
 * while (!stopped) {
 *   rounds++;
 *   const pausing = pause();
 *   if (pausing !== undefined) await pausing;
 * }
 * console.log(rounds > 0); // true
 * ```
 */
export function createPauses(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < interval) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}
