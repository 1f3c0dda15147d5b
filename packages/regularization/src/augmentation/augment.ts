// Augmentation that physics allows: transforms checked against the declared symmetry, targets transformed with the images.
import { type Check, checkOptions } from "@hooke/core";
import { describe, fail, foldHost, type HostArray, isFloat, type Shape } from "@hooke/runtime";
import { componentCount, type TargetKind, targetKinds, turnComponents } from "./components.ts";
import { type Grid, shiftGrid, turnGrid } from "./grid.ts";
import type { BatchTransform } from "./mix.ts";
import { type RandomStream, randomStream } from "./random.ts";
import { checkSymmetry, nameOf, objection, type Symmetry } from "./symmetry.ts";
import type { Action, Transform } from "./transforms.ts";

/** Options of {@link augment}. */
export interface AugmentOptions {
  /** What holds for images and targets together. */
  readonly symmetry: Symmetry;
  /** Applied in order to every sample, each with draws of its own. */
  readonly transforms: readonly Transform[];
  /** Spatial axes of the images: 2 for `[batch, y, x, channels]`, 3 for `[batch, z, y, x, channels]`. Default 2. */
  readonly dimensions?: 2 | 3;
  /** How targets turn with the images. Default `"scalar"`. */
  readonly target?: TargetKind;
  /** Whether targets are fields on the image's grid, `[batch, y, x, components]`, rather than one value per image. Default false. */
  readonly field?: boolean;
}

/**
 * Random transforms of a batch that the declared symmetry of the data allows, for the `augment` option of `fit` and `train`.
 * Targets that are vectors or tensors turn with their images; fields move with them.
 *
 * Targets that turn must not have been shifted or scaled component by component: leave them out of the preprocessing.
 *
 * @returns a batch and a key to a batch of the same shapes; the same key gives the same bits
 * @throws on a transform that assumes more than is declared, with the reason
 * @example
 * ```ts
 * import { augment, flip, rotate90 } from "@hooke/regularization";
 * import { array, randomKey } from "@hooke/runtime";
 *
 * const augmented = augment({ symmetry: { material: "isotropic" }, transforms: [rotate90(), flip()] });
 * const images = array([[[[1], [2]], [[3], [4]]]]);
 * const { inputs } = augmented({ inputs: images, targets: array([[0.5]]) }, randomKey(1));
 * console.log([...inputs.data].sort().join()); // 1,2,3,4
 *
 * try {
 *   augment({ symmetry: { material: { transverselyIsotropic: "x" } }, transforms: [rotate90()] });
 * } catch (error) {
 *   console.log((error as Error).message.includes("it moves the axis x")); // true
 * }
 * ```
 */
export function augment(options: AugmentOptions): BatchTransform {
  checkOptions<AugmentOptions>("augment", options, {
    required: { symmetry: anything, transforms: transformsCheck },
    optional: { dimensions: dimensionsCheck, target: targetCheck, field: flagCheck },
  });
  const { symmetry, transforms, dimensions = 2, target = "scalar", field = false } = options;
  checkSymmetry("augment", symmetry);
  for (const transform of transforms) checkAllowed(transform, symmetry, dimensions);

  return (batch, key) => {
    const { inputs, targets } = batch;
    const image = layoutOf("inputs", inputs, dimensions);
    const targetLayout = field ? layoutOf("targets", targets, dimensions) : undefined;
    if (targetLayout !== undefined && targetLayout.spatial.join() !== image.spatial.join()) {
      fail("augment", `received targets ${describe(targets)} on another grid than the images ${describe(inputs)}.`);
    }
    checkComponents(target, targets, dimensions);
    const images = floats("inputs", inputs).slice();
    const values = floats("targets", targets).slice();
    const rows = inputs.shape[0]!;
    for (let row = 0; row < rows; row++) {
      const random = randomStream(foldHost(key, row));
      const one = rowOf(images, row, rows);
      const expected = rowOf(values, row, rows);
      for (const transform of transforms) {
        const action = transform.draw(random, dimensions);
        one.set(act(action, { ...image, values: one }, random).values);
        if (targetLayout !== undefined && action.kind !== "intensity") {
          expected.set(act(action, { ...targetLayout, values: expected }, random).values);
        }
        if (action.kind === "turn") turnComponents(target, action.map, expected);
      }
    }
    return { ...batch, inputs: { ...inputs, data: images }, targets: { ...targets, data: values } };
  };
}

function checkAllowed({ name, maps, assumes }: Transform, symmetry: Symmetry, dimensions: number): void {
  const { material, periodic = false, intensity = "calibrated" } = symmetry;
  for (const map of maps(dimensions)) {
    const reason = objection(material, map);
    if (reason === undefined) continue;
    fail(
      "augment",
      `${name} is not allowed for data declared ${nameOf(material)}: ${reason}. A sample changed this way is none that the ` +
        "material could give. Leave the transform out, narrow it with its options, or declare the symmetry that holds.",
    );
  }
  if (assumes === "periodic" && !periodic) {
    fail("augment", `${name} assumes that images continue on their opposite side; declare periodic: true if they do.`);
  }
  if (assumes === "uncalibrated intensity" && intensity === "calibrated") {
    fail(
      "augment",
      `${name} changes intensities, which are declared calibrated (the default): they may be phases or densities. ` +
        'Declare intensity: "uncalibrated" if only their pattern counts.',
    );
  }
}

function act(action: Action, grid: Grid, random: RandomStream): Grid {
  switch (action.kind) {
    case "turn":
      return turnGrid(grid, action.map, action.beyond);
    case "shift":
      return shiftGrid(
        grid,
        grid.spatial.map((length, axis) => Math.floor(action.fractions[axis]! * length)),
      );
    case "intensity":
      return { ...grid, values: grid.values.map((value) => action.change(value, random)) };
  }
}

function layoutOf(part: string, array: HostArray, dimensions: number): { spatial: Shape; channels: number } {
  const { shape } = array;
  if (shape.length !== dimensions + 2) {
    const expected = dimensions === 2 ? "[batch, y, x, channels]" : "[batch, z, y, x, channels]";
    fail("augment", `received ${part} ${describe(array)}; expected ${expected}, or set dimensions.`);
  }
  return { spatial: shape.slice(1, -1), channels: shape.at(-1)! };
}

function checkComponents(kind: TargetKind, targets: HostArray, dimensions: number): void {
  const count = componentCount(kind, dimensions);
  const square = kind === "stiffness" || kind === "compliance";
  const side = dimensions === 2 ? 3 : 6;
  const last = targets.shape.at(-1);
  if (count === undefined || last === count) return;
  if (square && last === side && targets.shape.at(-2) === side) return;
  fail(
    "augment",
    `received targets ${describe(targets)}; a ${kind} in ${dimensions} dimensions has ${count} components` +
      `${square ? `, or [..., ${side}, ${side}]` : ""} along the last axis.`,
  );
}

function floats(part: string, array: HostArray): Float32Array | Float64Array {
  if (!isFloat(array.dtype)) fail("augment", `received ${part} ${describe(array)}; expected f32 or f64.`);
  return array.data as Float32Array | Float64Array;
}

function rowOf(values: Float32Array | Float64Array, row: number, rows: number): Float32Array | Float64Array {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}

const anything: Check = (value) => (typeof value === "object" && value !== null ? undefined : "a symmetry declaration");
const flagCheck: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");
const dimensionsCheck: Check = (value) => (value === 2 || value === 3 ? undefined : "2 or 3");
const targetCheck: Check = (value) =>
  targetKinds.includes(value as TargetKind) ? undefined : `one of ${targetKinds.join(", ")}`;
const transformsCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item?.draw === "function")
    ? undefined
    : "a list of transforms, such as [rotate90(), flip()]";
