// What can be done anew is done anew, on another device, where the one that it was begun on is lost.
import { type Backend, HookeError } from "@hooke/runtime";

/** Losses without progress between them, with the last of which a device is given up. */
export const mostLosses = 3;

export const isLoss = (error: unknown): error is HookeError =>
  error instanceof HookeError && error.code === "device-lost";

/** @param where it happened, in words */
export const givenUp = (who: string, loss: HookeError, where: string): HookeError =>
  new HookeError(
    `${who}: the device was lost ${mostLosses} times ${where}. A driver may end steps that take too long: use smaller batches, or another ` +
      `backend. The last time: ${loss.message}`,
    { code: "device-lost", cause: loss },
  );

/**
 * Does what needs nothing that the backend holds but what it uploads itself. Where the device is lost meanwhile, or was before, another one is opened, and
 * it is done again from its beginning; a third loss is told. Backends that cannot open another (`reopen`) tell the first.
 *
 * @param who asks, for the message
 * @param work what is done; it is told how often the device was lost so far
 * @throws what `work` throws, and with the code `device-lost`
 * @example
 * ```ts
 * import { reopening } from "@hooke/core/recovery";
 * import { add, array, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const sum = () => run(backend, (a: Tensor) => add(a, 1), array([1, 2]));
 * console.log((await reopening(backend, "sum", sum)).data); // Float32Array(2) [ 2, 3 ]
 * ```
 */
export async function reopening<T>(backend: Backend, who: string, work: (losses: number) => Promise<T>): Promise<T> {
  for (let losses = 0; ; losses++) {
    try {
      if (losses > 0) await backend.reopen!();
      return await work(losses);
    } catch (error) {
      if (!isLoss(error) || backend.reopen === undefined) throw error;
      if (losses + 1 === mostLosses) throw givenUp(who, error, "before it could go on");
    }
  }
}
