// Augmentation by declared symmetry, and samples made of two.
export { type AugmentOptions, augment } from "./augment.ts";
export type { TargetKind } from "./components.ts";
export type { Direction } from "./correlation.ts";
export type { Beyond } from "./grid.ts";
export {
  type Comparison,
  checkIsotropy,
  type IsotropyOptions,
  type IsotropyReport,
} from "./isotropy.ts";
export { cutmix, type MixOptions, mixup } from "./mix.ts";
export type { Matrix } from "./orthogonal.ts";
export type { RandomStream } from "./random.ts";
export type { Axis, MaterialSymmetry, Symmetry } from "./symmetry.ts";
export type { Action, Assumption, Transform } from "./transform.ts";
export {
  adjustIntensity,
  flip,
  type IntensityOptions,
  type Plane,
  type RotateOptions,
  rotate,
  rotate90,
  translate,
} from "./transforms.ts";
