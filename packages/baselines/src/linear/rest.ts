// What long loops of linear algebra ask between their rounds: the event loop turns, and whoever wants an end to it throws.
import { createPauses } from "@hooke/runtime";

/** Called once a round; its promise, where there is one, is awaited. It throws to end the work. */
export type Rest = () => Promise<void> | undefined;

/** Rests that throw a signal's reason once it is aborted. */
export function restsFor(signal?: AbortSignal): Rest {
  const pause = createPauses();
  return () => {
    signal?.throwIfAborted();
    return pause()?.then(() => signal?.throwIfAborted());
  };
}
