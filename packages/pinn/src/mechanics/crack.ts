// Cracks as a phase field: AT2.
import { add, mul, square, sub, type Tensor } from "@hooke/runtime";
import {
  type Components,
  checkComponents,
  checkNumbers,
  checkTensor,
  over,
  positiveCheck,
  type Scalar,
  scalarCheck,
  times,
  total,
} from "./scalar.ts";

/** A solid that cracks. */
export interface Brittle {
  /** Energy per area of crack. */
  readonly Gc: Scalar;
  /** How wide a crack is smeared: the phase field falls by `e` over it. */
  readonly length: Scalar;
}

function brittleOf(who: string, phi: Tensor, solid: Brittle): Brittle {
  checkTensor(who, "the phase field", phi);
  checkNumbers<Brittle>(who, solid, { Gc: positiveCheck, length: positiveCheck });
  return solid;
}

/**
 * The energy of cracks per volume, `Gc/2 (phi^2 / length + length |grad phi|^2)` (Ambrosio and Tortorelli 1990; Bourdin, Francfort and Marigo 2000).
 * Its least integral beside a crack is `Gc` per area.
 *
 * @param phi 0 where the solid is whole, 1 where it is broken
 * @param gradient `d.gradient(phi)`
 * @example
 * ```ts
 * import { energy, gauss, interval, mlp, problem } from "@hooke/pinn";
 * import { crackDensity } from "@hooke/pinn/mechanics";
 * import { mul, sub } from "@hooke/runtime";
 *
 * const bar = interval({ x: [0, 1] });
 * const profile = problem({
 *   domain: bar,
 *   fields: { phi: mlp({ units: [10] }) },
 *   exact: { phi: ({ x, free }) => sub(1, mul(x, free)) },
 *   terms: {
 *     surface: energy(bar.interior(80, { sampler: gauss() }), ({ phi, d }) =>
 *       crackDensity(phi, d.gradient(phi), { Gc: 2.7, length: 0.1 }),
 *     ),
 *   },
 * });
 * console.log(Object.keys(profile.terms)); // [ 'surface' ]
 * ```
 */
export function crackDensity(phi: Tensor, gradient: Components, solid: Brittle): Tensor {
  const { Gc, length } = brittleOf("crackDensity", phi, solid);
  if (Object.keys(gradient ?? {}).length === 0) checkComponents("crackDensity", "a gradient", gradient, ["x"]);
  checkComponents("crackDensity", "a gradient", gradient, Object.keys(gradient));
  const steep = total(Object.values({ ...gradient }).map((part) => square(part)));
  return times(add(over(square(phi), length), times(steep, length)), times(Gc, 0.5));
}

/**
 * How much of the strain energy a damaged solid keeps, `(1 - phi)^2 + residual`.
 *
 * @param options `residual`: what a broken solid keeps. Default 0
 */
export function degradation(phi: Tensor, options: { readonly residual?: number } = {}): Tensor {
  checkTensor("degradation", "the phase field", phi);
  checkNumbers<{ readonly residual?: number }>("degradation", options, {}, { residual: scalarCheck });
  const kept = square(sub(1, phi));
  return options.residual === undefined ? kept : add(kept, options.residual);
}

/**
 * What is zero where the phase field is at its least energy, `Gc (phi / length - length lap phi) - 2 (1 - phi) driving`.
 *
 * @param phi the phase field
 * @param laplacian `d.laplacian(phi)`
 * @param driving the strain energy of the whole solid per volume, such as `linearEnergy(...)`
 */
export function crackBalance(phi: Tensor, laplacian: Tensor, driving: Tensor, solid: Brittle): Tensor {
  const { Gc, length } = brittleOf("crackBalance", phi, solid);
  checkTensor("crackBalance", "the Laplacian", laplacian);
  checkTensor("crackBalance", "the driving energy", driving);
  const resisting = times(sub(over(phi, length), times(laplacian, length)), Gc);
  return sub(resisting, mul(mul(sub(1, phi), driving), 2));
}
