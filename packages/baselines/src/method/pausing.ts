// What long work asks between its rounds: the event loop turns, people hear how far it is, and a signal ends it.
import { createPauses } from "@hooke/runtime";
import type { FitProgress, LearnContext } from "./method.ts";

/** How often progress is told at most, ms. */
const interval = 50;

export function pausing(
  signal: AbortSignal | undefined,
  onProgress: ((progress: FitProgress) => void) | undefined,
): LearnContext["pause"] {
  const pause = createPauses();
  let told = Number.NEGATIVE_INFINITY;
  const heard = (progress: () => FitProgress): void => {
    signal?.throwIfAborted();
    if (onProgress === undefined || performance.now() - told < interval) return;
    told = performance.now();
    onProgress(progress());
  };
  return (progress) => {
    const pausing = pause();
    if (pausing === undefined) return undefined;
    return pausing.then(() => heard(progress));
  };
}
