/**
 * Solid mechanics for terms: stresses, energies and balances as functions of derivatives at points. Pure: they take tensors `[n]`, or records of them, and
 * numbers in units of the user's choice.
 *
 * @packageDocumentation
 */
export { type Beam, beamEnergy, beamLoad, beamMoment, beamShear } from "./beam.ts";
export {
  type Column,
  consolidationCoefficient,
  darcyFlux,
  fluidBalance,
  terzaghi,
  totalStress,
} from "./consolidation.ts";
export { type Brittle, crackBalance, crackDensity, degradation } from "./crack.ts";
export { type LinearElastic, linearEnergy, linearStress, strain, traction } from "./linear-elasticity.ts";
export { type Lame, lame, type Moduli } from "./material.ts";
export { deformationGradient, neoHookeanEnergy, neoHookeanStress } from "./neo-hookean.ts";
export { partials } from "./partials.ts";
export {
  edgeMoment,
  effectiveShear,
  type Plate,
  plateEnergy,
  plateLoad,
  plateMoments,
  plateRigidity,
  plateShear,
} from "./plate.ts";
export type { Components, Scalar } from "./scalar.ts";
