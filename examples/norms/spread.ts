// What a norm leaves of the differences between loads, decade by decade.
import { initialize } from "@hooke/core";
import type { Backend } from "@hooke/runtime";
import type { Beams } from "./beam.ts";
import { type NormName, network, outputOf, untilFirstNorm } from "./network.ts";
import { byDecade } from "./tasks.ts";

/**
 * The standard deviation over the loads of a decade, averaged over channels, after the first norm of an untrained
 * network on all load cases as one batch: 0 where all of them look alike.
 *
 * @returns by decade, the smallest loads first
 */
export async function spreadAfter(
  backend: Backend,
  norm: NormName,
  beams: Beams,
  seed: number,
): Promise<readonly number[]> {
  const variables = await initialize(backend, network(norm, 1), [beams.load.shape[1]!], seed);
  const { data, shape } = await outputOf(backend, untilFirstNorm(norm), true)(variables, beams.load);
  const channels = shape[1]!;
  return byDecade(beams.magnitude).map((rows) => {
    let total = 0;
    for (let channel = 0; channel < channels; channel++) {
      const values = rows.map((row) => data[row * channels + channel]!);
      const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
      total += Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
    }
    return total / channels;
  });
}
