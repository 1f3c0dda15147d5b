// Augmentation that physics allows: transforms checked against the declared symmetry, targets transformed with the
// images.
import type { Augmentation } from "@hooke/core";
import {
  type Check,
  checkOptions,
  checks,
  describe,
  fail,
  foldHost,
  type HostArray,
  isFloat,
  type Shape,
} from "@hooke/runtime";
import { checkAllowed, checkSides } from "./allowed.ts";
import { checkRows } from "./batch.ts";
import { componentCount, type TargetKind, targetKinds, turnComponents } from "./components.ts";
import { type Grid, shiftGrid, turnGrid } from "./grid.ts";
import { type RandomStream, randomStream } from "./random.ts";
import { type Symmetry, symmetryCheck } from "./symmetry.ts";
import { type Action, type Transform, transformsCheck } from "./transform.ts";

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
  /**
   * Whether targets are fields on the image's grid, `[batch, (z,) y, x, components]`, that move with it, rather than
   * values of the image as a whole. Default false; to be said where targets have the image's grid.
   */
  readonly field?: boolean;
}

/**
 * Random transforms of a batch that the declared symmetry of the data allows, for the `augment` option of `fit` and
 * `train`. Targets that are vectors or tensors turn with their images; fields move with them. Weights and extras stay
 * as they are.
 *
 * Targets that turn must not have been shifted or scaled component by component: leave them out of the preprocessing.
 * Scalars of the whole image are never touched, and may be classes.
 *
 * @returns a batch and a key to a batch of the same shapes; the same key gives the same bits
 * @throws on a transform that assumes more than is declared, or than the ones before it leave, with the reason. With a
 *   batch: on targets that do not fit `target` and `field`, and on sides of different length where quarter turns may
 *   exchange them
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
export function augment(options: AugmentOptions): Augmentation {
  checkOptions<AugmentOptions>("augment", options, {
    required: { symmetry: symmetryCheck, transforms: transformsCheck },
    optional: { dimensions: dimensionsCheck, target: (value) => checks.oneOf(value, targetKinds), field: checks.flag },
  });
  const { symmetry, transforms, dimensions = 2, target = "scalar", field } = options;
  checkAllowed(transforms, symmetry, dimensions);

  const changed: Augmentation = (batch, key, first = 0) => {
    const { inputs, targets } = batch;
    checkRows("augment", batch);
    const image = layoutOf("inputs", inputs, dimensions);
    checkSides(transforms, image.spatial, dimensions);
    const targetLayout = field === true ? layoutOf("targets", targets, dimensions) : undefined;
    checkField(field, image.spatial, batch.inputs, targets);
    checkComponents(target, targets, dimensions);
    const touched = target !== "scalar" || targetLayout !== undefined;
    const images = floats("inputs", inputs).slice();
    const values = touched ? floats("targets", targets).slice() : undefined;
    const rows = inputs.shape[0]!;
    for (let row = 0; row < rows; row++) {
      const random = randomStream(foldHost(key, first + row));
      const one = rowOf(images, row, rows);
      const expected = values && rowOf(values, row, rows);
      for (const transform of transforms) {
        const action = transform.draw(random, dimensions);
        one.set(act(action, { ...image, values: one }, random).values);
        if (expected === undefined || action.kind === "intensity") continue;
        if (targetLayout !== undefined) {
          expected.set(act(action, { ...targetLayout, values: expected }, random).values);
        }
        if (action.kind === "turn") turnComponents(target, action.map, expected);
      }
    }
    return { ...batch, inputs: { ...inputs, data: images }, targets: values ? { ...targets, data: values } : targets };
  };
  return Object.assign(changed, { byRow: true });
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
    fail("augment", `received ${part} ${describe(array)}; expected ${expected}, or set dimensions.`, "mismatch");
  }
  return { spatial: shape.slice(1, -1), channels: shape.at(-1)! };
}

/**
 * Whether targets are fields is not guessed: images that turn beside fields that stay would be pairs that do not belong
 * together.
 */
function checkField(field: boolean | undefined, grid: Shape, inputs: HostArray, targets: HostArray): void {
  const onGrid = targets.shape.slice(1, 1 + grid.length).join() === grid.join();
  if (field === true && !onGrid) {
    fail(
      "augment",
      `received targets ${describe(targets)} on another grid than the images ${describe(inputs)}.`,
      "mismatch",
    );
  }
  if (field === undefined && onGrid) {
    fail(
      "augment",
      `received targets ${describe(targets)} with the grid of the images ${describe(inputs)}. Say whether they are fields on it: ` +
        "field: true moves them with the image, field: false takes them for values of the image as a whole.",
      "mismatch",
    );
  }
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
    "mismatch",
  );
}

function floats(part: string, array: HostArray): Float32Array | Float64Array {
  if (!isFloat(array.dtype)) {
    fail("augment", `received ${part} ${describe(array)}; what moves or turns must be f32 or f64.`, "mismatch");
  }
  return array.data as Float32Array | Float64Array;
}

function rowOf(values: Float32Array | Float64Array, row: number, rows: number): Float32Array | Float64Array {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}

const dimensionsCheck: Check = (value) => (value === 2 || value === 3 ? undefined : "2 or 3");
