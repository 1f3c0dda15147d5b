// Euler-Bernoulli beams.
import { mul, square, type Tensor } from "@hooke/runtime";
import { checkNumbers, checkTensor, positiveCheck, type Scalar, times } from "./scalar.ts";

/** A beam. */
export interface Beam {
  /** Bending stiffness: Young's modulus times the second moment of area. A number, an unknown, or a tensor. */
  readonly EI: Scalar;
}

function beamOf(who: string, derivative: Tensor, beam: Beam): Scalar {
  checkTensor(who, "a derivative", derivative);
  checkNumbers<Beam>(who, beam, { EI: positiveCheck });
  return beam.EI;
}

/**
 * The bending moment of a beam whose deflection `w` is positive along the load, `-EI w''`: positive where the side the load points to is stretched
 * (Timoshenko, Strength of Materials, 1940).
 *
 * @param curvature `d(w, "x", "x")`
 */
export function beamMoment(curvature: Tensor, beam: Beam): Tensor {
  return mul(times(curvature, beamOf("beamMoment", curvature, beam)), -1);
}

/**
 * The shear force of a beam of constant stiffness, the derivative of its moment, `-EI w'''`. Where the stiffness varies, name the moment under `derived`
 * and take its derivative.
 *
 * @param third `d(w, "x", "x", "x")`
 */
export function beamShear(third: Tensor, beam: Beam): Tensor {
  return mul(times(third, beamOf("beamShear", third, beam)), -1);
}

/**
 * The load per length that a beam of constant stiffness is in balance with, `EI w''''`.
 *
 * @param fourth `d(w, "x", "x", "x", "x")`
 * @example
 * ```ts
 * import { interval, mlp, problem, residual } from "@hooke/pinn";
 * import { beamLoad } from "@hooke/pinn/mechanics";
 * import { sub } from "@hooke/runtime";
 *
 * const span = interval({ x: [0, 4] }); // m
 * const bridge = problem({
 *   domain: span,
 *   fields: { w: mlp({ units: [10] }) },
 *   terms: {
 *     balance: residual(span.interior(40), ({ w, d }) => sub(beamLoad(d(w, "x", "x", "x", "x"), { EI: 2e6 }), 500)),
 *   },
 * });
 * console.log(Object.keys(bridge.terms)); // [ 'balance' ]
 * ```
 */
export function beamLoad(fourth: Tensor, beam: Beam): Tensor {
  return times(fourth, beamOf("beamLoad", fourth, beam));
}

/**
 * The energy of bending per length, `EI w''^2 / 2`.
 *
 * @param curvature `d(w, "x", "x")`
 */
export function beamEnergy(curvature: Tensor, beam: Beam): Tensor {
  return mul(times(square(curvature), beamOf("beamEnergy", curvature, beam)), 0.5);
}
