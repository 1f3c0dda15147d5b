// A network from a microstructure to properties that do not depend on its orientation.
import { defineLayer, dense, type LayerFactory, relu, sequential } from "@hooke/core";
import { checks, fail, type Tensor } from "@hooke/runtime";
import { spatialOf } from "../input.ts";
import { globalAveragePool } from "../layers/adaptive-pool.ts";
import { maxPool2d } from "../layers/pool.ts";
import { type PaddingMode, paddingMode as paddingModeCheck } from "../options.ts";
import { fieldPool } from "../symmetry/field-pool.ts";
import type { FieldKind } from "../symmetry/fields.ts";
import type { SymmetryGroup } from "../symmetry/motions.ts";
import { symmetricBatchNorm } from "../symmetry/symmetric-batch-norm.ts";
import { groupCheck, symmetricConv2d } from "../symmetry/symmetric-conv.ts";

/** Options of {@link symmetricCNN}. */
export interface SymmetricCNNConfig {
  /** Number of properties. Default 1. */
  readonly outputs?: number;
  /** Fields of the first block; the second has twice as many, the third four times. Default 8. */
  readonly fields?: number;
  /** Default `"p4m"`: turns and mirror images. */
  readonly group?: SymmetryGroup;
  /** `"circular"` for periodic unit cells. Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
}

/** Sides are halved so often. */
const halvings = 3;

/**
 * Three blocks of {@link symmetricConv2d} with windows of 3 x 3, {@link symmetricBatchNorm}, relu and 2 x 2 maximum pooling; the maximum over orientations, the average over the
 * image, and dense layers of 64 (relu) and `outputs` units: `[batch, height, width, channels]` of scalars to `[batch, outputs]`. Turned and mirrored
 * images give the same properties, but for rounding, before any training; 48,497 parameters for gray images and one output. Cohen and Welling, "Group equivariant convolutional
 * networks", ICML 2016.
 *
 * Parameters: `block1` to `block3`, each `conv.kernel`, `conv.bias`, `norm.norm.scale`, `norm.norm.bias`; `hidden`, `head`.
 *
 * @throws on other ranks, and on sides that 8 does not divide: pools would take other points of a turned image
 */
export const symmetricCNN: LayerFactory<SymmetricCNNConfig> = /* @__PURE__ */ defineLayer({
  type: "symmetricCNN",
  options: {
    optional: { outputs: checks.count, fields: checks.count, group: groupCheck, paddingMode: paddingModeCheck },
  },
  children: ({ outputs = 1, fields = 8, group = "p4m", paddingMode = "zeros" }: SymmetricCNNConfig) => {
    const block = (count: number, from: FieldKind) =>
      sequential({
        conv: symmetricConv2d({ fields: count, kernelSize: 3, group, from, paddingMode }),
        norm: symmetricBatchNorm({ group }),
      });
    return {
      block1: block(fields, "scalar"),
      block2: block(2 * fields, "regular"),
      block3: block(4 * fields, "regular"),
      pool: maxPool2d({ kernelSize: 2 }),
      orientations: fieldPool({ group }),
      average: globalAveragePool(),
      hidden: dense({ units: 64, activation: "relu" }),
      head: dense({ units: outputs }),
    };
  },
  apply: ({ children: { block1, block2, block3, pool, orientations, average, hidden, head } }, x) => {
    const sides = spatialOf(x.shape.slice(1), 2, 2 ** halvings);
    if (sides.some((side) => side % 2 ** halvings !== 0)) {
      const what = `received images of ${sides.join(" x ")} points; sides are multiples of ${2 ** halvings}, as pools else take other points of a turned image.`;
      fail("symmetricCNN", what, "mismatch");
    }
    const blocks: readonly ((x: Tensor) => Tensor)[] = [block1, block2, block3];
    return head(hidden(average(orientations(blocks.reduce((value, next) => pool(relu(next(value))), x)))));
  },
});
