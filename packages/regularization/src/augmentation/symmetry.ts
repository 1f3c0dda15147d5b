// What is known of the data before any augmentation: which orthogonal maps leave its statistics alone, whether it is
// periodic, and whether intensities mean something.
import { type Check, checkOptions, checks } from "@hooke/runtime";
import type { Matrix } from "./orthogonal.ts";

/**
 * A coordinate axis. `x` runs along the last spatial axis of an image (its columns), `y` along the one before, `z`
 * before that.
 */
export type Axis = "x" | "y" | "z";

/**
 * Which orthogonal maps turn a possible sample into an equally possible one, images and targets together.
 *
 * - `isotropic`: all of them.
 * - `{ transverselyIsotropic: axis }`: those that keep the axis, up to its sign: fibres along it, layers across it. For
 *   a two-dimensional section across the axis (`"z"`) these are all.
 * - `orthotropic`: those that keep each coordinate axis, up to its sign: weaves, rolled sheet.
 * - `none`: only the identity.
 *
 * A target that is a whole tensor turns with its image exactly, whatever the material (frame indifference); the
 * declaration then says whether turned samples belong to what the model will meet.
 */
export type MaterialSymmetry = "isotropic" | { readonly transverselyIsotropic: Axis } | "orthotropic" | "none";

/** What augmentation may assume of the data. */
export interface Symmetry {
  readonly material: MaterialSymmetry;
  /** Whether each image continues on its opposite side, as a periodic unit cell does. Default false. */
  readonly periodic?: boolean;
  /**
   * Whether intensities carry no measure, as the brightness of a photograph; `"calibrated"` ones are left alone.
   * Default calibrated.
   */
  readonly intensity?: "calibrated" | "uncalibrated";
}

/** The coordinate axes in the order of components. */
export const axes: readonly Axis[] = ["x", "y", "z"];

/** Expects a {@link MaterialSymmetry}. */
export const materialCheck: Check = (value) => {
  if (checks.oneOf(value, ["isotropic", "orthotropic", "none"]) === undefined) return undefined;
  const axis = (value as { readonly transverselyIsotropic?: unknown } | null | undefined)?.transverselyIsotropic;
  return checks.oneOf(axis, axes) === undefined
    ? undefined
    : '"isotropic", { transverselyIsotropic: "x" | "y" | "z" }, "orthotropic" or "none"';
};

/** Expects a {@link Symmetry}. @throws on what it has besides */
export const symmetryCheck: Check = (value) => {
  if (value === undefined) return 'a symmetry declaration, such as { material: "isotropic" }';
  checkOptions<Symmetry>("symmetry", value, {
    required: { material: materialCheck },
    optional: { periodic: checks.flag, intensity: (kind) => checks.oneOf(kind, ["calibrated", "uncalibrated"]) },
  });
  return undefined;
};

/** How messages name a material symmetry. */
export function nameOf(material: MaterialSymmetry): string {
  return typeof material === "string"
    ? material === "none"
      ? "without symmetry"
      : material
    : `transversely isotropic about ${material.transverselyIsotropic}`;
}

/** Why a map is not among those of a symmetry; undefined if it is. */
export function objection(material: MaterialSymmetry, map: Matrix): string | undefined {
  const size = map.length;
  const entry = (i: number, j: number): number => map[i]![j]!;
  const moved = (j: number): boolean => Math.abs(Math.abs(entry(j, j)) - 1) > 1e-9;
  if (material === "isotropic") return undefined;
  if (material === "none") {
    const identity = map.every((row, i) => row.every((value, j) => Math.abs(value - (i === j ? 1 : 0)) < 1e-9));
    return identity ? undefined : "it changes directions, and none may change";
  }
  if (material === "orthotropic") {
    const j = map.findIndex((_, i) => moved(i));
    return j < 0 ? undefined : `it moves the axis ${axes[j]}, and each axis may only change its sign`;
  }
  const axis = material.transverselyIsotropic;
  const j = axes.indexOf(axis);
  // A plane section across the axis sees nothing of it.
  if (j >= size || !moved(j)) return undefined;
  return `it moves the axis ${axis}, which may only change its sign`;
}
