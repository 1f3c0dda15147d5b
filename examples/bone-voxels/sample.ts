// Structures with their moduli and descriptors; moduli are kept as they are found.
import { setImmediate } from "node:timers/promises";
import type { Phase } from "@hooke/example-micrograph-cnn/homogenize.ts";
import { type Backend, fail } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { type Descriptors, morphometry } from "./descriptors.ts";
import { homogenizer } from "./homogenize.ts";
import { type Ensemble, type Trabeculae, trabeculae } from "./trabeculae.ts";

/** Marrow carries next to nothing; moduli are in units of the tissue's. */
export const phases: readonly [marrow: Phase, tissue: Phase] = [
  { modulus: 1e-3, poisson: 0.3 },
  { modulus: 1, poisson: 0.3 },
];

export interface Specimen extends Trabeculae, Descriptors {
  /** Young's modulus along z, over that of the tissue. */
  readonly modulus: number;
}

/** Structures homogenised in one trial: an even number, as two are solved at once. */
const together = 20;

/**
 * @param onSpecimens called with the number of those that are homogenised
 * @throws the signal's reason if it is aborted
 */
export async function drawSample(
  backend: Backend,
  ensemble: Ensemble,
  count: number,
  seed: number,
  run: RunTrial,
  onSpecimens: (completed: number) => void,
): Promise<Specimen[]> {
  const draw = trabeculae(backend, ensemble, seed);
  const measure = morphometry(ensemble.side);
  const { moduli } = homogenizer({ side: ensemble.side, phases, tolerance: 3e-4 });
  const specimens: Specimen[] = [];
  for (let from = 0; from < count; from += together) {
    const drawn: Trabeculae[] = [];
    for (let index = from; index < Math.min(from + together, count); index++) drawn.push(await draw(index));
    const found = await run(`moduli ${from} to ${from + drawn.length - 1}`, async (signal) => {
      const found: number[] = [];
      for (let i = 0; i < drawn.length; i += 2) {
        found.push(...moduli(drawn.slice(i, i + 2).map(({ bone }) => bone)));
        onSpecimens(from + found.length);
        // Ctrl-C is heard where the event loop turns.
        await setImmediate();
        signal.throwIfAborted();
      }
      return found;
    });
    for (const [i, structure] of drawn.entries()) {
      const descriptors = measure(structure.bone);
      if (descriptors.anisotropy === Infinity) {
        const cure = "give an ensemble with more waves or a smaller aspect";
        fail("drawSample", `structure ${from + i} goes on along a direction without end; ${cure}.`, "invalid-data");
      }
      specimens.push({ ...structure, ...descriptors, modulus: found[i]! });
    }
  }
  return specimens;
}
