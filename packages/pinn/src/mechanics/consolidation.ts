// Consolidation: porous solids whose fluid is pressed out (Biot; in biomechanics, biphasic).
import { add, isTensor, mul, sub, type Tensor } from "@hooke/runtime";
import {
  axesOf,
  type Components,
  checkComponents,
  checkNumbers,
  checkTensor,
  minus,
  positiveCheck,
  type Scalar,
  scalarCheck,
  times,
  total,
} from "./scalar.ts";

/** A porous solid that is pressed along one axis. */
export interface Column {
  /** Permeability by viscosity: flow per area and pressure gradient. */
  readonly permeability: Scalar;
  /** The modulus of compression without strain aside, `lambda + 2 mu`; in biomechanics the aggregate modulus. */
  readonly modulus: Scalar;
}

/** The coefficient of consolidation, `permeability modulus`: area per time. */
export function consolidationCoefficient(column: Column): Scalar {
  checkNumbers<Column>("consolidationCoefficient", column, { permeability: positiveCheck, modulus: positiveCheck });
  return times(column.permeability, column.modulus);
}

/**
 * Consolidation along one axis (Terzaghi 1925; confined compression of the biphasic theory of Mow et al. 1980, of constant permeability),
 * `p_t - permeability modulus p_xx`: zero where the load is constant.
 *
 * @param pressure of the fluid: `{ rate: d(p, "t"), curvature: d(p, "x", "x") }`
 * @example
 * ```ts
 * import { box, mlp, problem, residual } from "@hooke/pinn";
 * import { terzaghi } from "@hooke/pinn/mechanics";
 *
 * const layer = box({ x: [0, 2], t: [0, 10] });
 * const clay = { permeability: 1e-3, modulus: 50 };
 * const drained = problem({
 *   domain: layer,
 *   fields: { p: mlp() },
 *   terms: {
 *     flow: residual(layer.interior(100), ({ p, d }) => terzaghi({ rate: d(p, "t"), curvature: d(p, "x", "x") }, clay)),
 *   },
 * });
 * console.log(Object.keys(drained.terms)); // [ 'flow' ]
 * ```
 */
export function terzaghi(pressure: { readonly rate: Tensor; readonly curvature: Tensor }, column: Column): Tensor {
  checkComponents("terzaghi", "a pressure", pressure, ["rate", "curvature"]);
  return sub(pressure.rate, times(pressure.curvature, consolidationCoefficient(column)));
}

/**
 * The total stress of a porous solid, `effective - alpha p I` (Biot 1941): its divergence is zero where there are no body forces.
 *
 * @param effective what the solid carries, such as `linearStress(strain(d.gradient(u)), solid)`
 * @param pressure of the fluid, `[n]`, positive in compression
 * @param options `alpha`, Biot's coefficient. Default 1: grains and fluid do not compress
 */
export function totalStress(
  effective: Components,
  pressure: Tensor,
  options: { readonly alpha?: Scalar } = {},
): Components {
  checkTensor("totalStress", "the pressure", pressure);
  checkNumbers<{ readonly alpha?: Scalar }>("totalStress", options, {}, { alpha: scalarCheck });
  const axes = axesOf("totalStress", "a stress", effective);
  const carried = times(pressure, options.alpha ?? 1);
  const diagonal = axes.map((axis) => axis + axis);
  return Object.fromEntries(
    Object.keys(effective).map((name) => [
      name,
      diagonal.includes(name) ? minus(effective[name]!, carried) : effective[name]!,
    ]),
  );
}

/**
 * The flow of the fluid through the solid per area and time, `-permeability grad p` (Darcy 1856).
 *
 * @param gradient `d.gradient(p)`
 * @param options `permeability` by viscosity
 */
export function darcyFlux(gradient: Components, options: { readonly permeability: Scalar }): Components {
  checkNumbers("darcyFlux", options, { permeability: positiveCheck });
  if (typeof gradient !== "object" || gradient === null || isTensor(gradient))
    checkComponents("darcyFlux", "a gradient", gradient, ["x"]);
  checkComponents("darcyFlux", "a gradient", gradient, Object.keys(gradient));
  return Object.fromEntries(
    Object.entries(gradient).map(([axis, part]) => [axis, mul(times(part, options.permeability), -1)]),
  );
}

/**
 * The balance of the fluid, `storage p_t + alpha (div u)_t + div q` (Biot 1941): zero where there is no source.
 *
 * @param rates `pressure`: `d(p, "t")`; `dilatation`: the rate of `tr(strain)`, or of `d.divergence(u)` under `derived`; `outflow`: `d.divergence(flux)`
 * @param options `storage`: fluid per volume and pressure, default 0; `alpha`: Biot's coefficient, default 1
 */
export function fluidBalance(
  rates: { readonly pressure: Tensor; readonly dilatation: Tensor; readonly outflow: Tensor },
  options: { readonly storage?: Scalar; readonly alpha?: Scalar } = {},
): Tensor {
  checkComponents("fluidBalance", "rates", rates, ["pressure", "dilatation", "outflow"]);
  checkNumbers<{ readonly storage?: Scalar; readonly alpha?: Scalar }>(
    "fluidBalance",
    options,
    {},
    { storage: scalarCheck, alpha: scalarCheck },
  );
  const { storage = 0, alpha = 1 } = options;
  const squeezed = add(times(rates.dilatation, alpha), rates.outflow);
  return storage === 0 ? squeezed : total([times(rates.pressure, storage), squeezed]);
}
