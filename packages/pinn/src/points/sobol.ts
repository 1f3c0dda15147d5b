// The sequence of Sobol: points that fill the cube evenly from the first to the last.
import { sobolPoints } from "@hooke/data";
import { nothingMore } from "@hooke/runtime";
import type { Sampler } from "./sampler.ts";

/**
 * The sequence of Sobol (direction numbers of Joe and Kuo 2008), its digits shifted by key: of every `2^k` points each box of the sequence's partitions has its share.
 * Smooth integrands are integrated with an error that falls almost as `1 / n`; independent points take `1 / sqrt(n)`.
 *
 * @throws on drawing points of more than 16 coordinates
 * @example
 * ```ts
 * import { box, sobol } from "@hooke/pinn";
 * import { randomKey } from "@hooke/runtime";
 *
 * const { rows } = box({ x: [0, 1], y: [0, 1] }).interior(256, { sampler: sobol() }).draw(randomKey(0));
 * const left = rows.filter((value, i) => i % 2 === 0 && value < 0.25);
 * console.log(left.length); // 64
 * ```
 */
export function sobol(...more: []): Sampler {
  nothingMore("sobol", more);
  return {
    name: "sobol",
    draw: (key, count, dimensions) => sobolPoints("sobol", key, count, dimensions, "Use latinHypercube()."),
  };
}
