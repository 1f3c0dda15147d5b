// Convolution that turns with the grid: what it makes of a turned field is what it made of the field, turned.
import { type Activation, activate, activationCheck, defineLayer } from "@hooke/core";
import { add, array, type Check, checks, gather, HookeError, mul, reshape, type Tensor } from "@hooke/runtime";
import { spatialOf } from "../input.ts";
import { type PaddingMode, paddingMode } from "../options.ts";
import {
  actionsOn,
  type FieldKind,
  fieldSize,
  orderOf,
  repeated,
  type SymmetryGroup,
  windowActions,
} from "../symmetry/groups.ts";
import { convolve } from "./conv.ts";

/** Options of {@link symmetricConv2d}. */
export interface SymmetricConvConfig {
  /** Number of output fields. */
  readonly fields: number;
  /** Points of the window on each side: an odd number. */
  readonly kernelSize: number;
  /** Quarter turns alone, or mirrors, too. Default `"p4m"`. */
  readonly group?: SymmetryGroup;
  /** What the input's channels are. Default `"regular"`; `"scalar"` for grey images. */
  readonly from?: FieldKind;
  /** What the output's channels are. Default `"regular"`. */
  readonly to?: FieldKind;
  /** What padding, of which there is as much as keeps the size, holds. `"circular"` is for periodic unit cells. Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
  /** Applied to the result; not to vectors and tensors, which it would bend. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added, of which the part counts that no turn changes. Default true. */
  readonly bias?: boolean;
}

const fieldKind: Check = (value) => checks.oneOf(value, ["scalar", "vector", "tensor", "regular"]);
const odd: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) % 2 === 1
    ? undefined
    : "an odd number above 0";
const groupCheck: Check = (value) => checks.oneOf(value, ["p4", "p4m"]);

/**
 * Cross-correlation over images, `[batch, height, width, channels]` to `[batch, height, width, fields * size]`, equivariant under quarter turns and, by default,
 * mirrors: what it makes of a turned field is what it made of the field, turned. Fields of one kind stand one behind another among the channels, of one number (`"scalar"`), two
 * (`"vector"`), three (`"tensor"`), or four or eight (`"regular"`). Cohen and Welling, "Group equivariant convolutional networks", ICML 2016; of other fields:
 * "Steerable CNNs", ICLR 2017.
 *
 * The kernel that convolves is the sum of the trained one over all turns and mirrors, each with what it does to both fields, over the root of their number.
 *
 * Parameters: `kernel [kernelSize, kernelSize, channels, fields * size]`, `bias [fields * size]`.
 *
 * @throws on channels that are no whole number of fields, and on an activation of vectors or tensors
 * @example
 * ```ts
 * import { dense, sequential, summary } from "@hooke/core";
 * import { fieldPool, globalAveragePool, symmetricConv2d } from "@hooke/layers-conv";
 *
 * const model = sequential([
 *   symmetricConv2d({ fields: 8, kernelSize: 3, from: "scalar", activation: "relu" }),
 *   symmetricConv2d({ fields: 8, kernelSize: 3, activation: "relu" }),
 *   fieldPool(),
 *   globalAveragePool(),
 *   dense({ units: 1 }),
 * ]);
 * console.log(summary(model, [32, 32, 1]).rows[2]!.outputShape); // [ 32, 32, 8 ]
 * ```
 */
export const symmetricConv2d = /* @__PURE__ */ defineLayer({
  type: "symmetricConv2d",
  options: {
    required: { fields: checks.count, kernelSize: odd },
    optional: {
      group: groupCheck,
      from: fieldKind,
      to: fieldKind,
      paddingMode,
      activation: activationCheck,
      bias: checks.flag,
    },
  },
  params: (config: SymmetricConvConfig, inputShape) => {
    const { fields, kernelSize, group = "p4m", from = "regular", to = "regular", bias = true } = config;
    spatialOf(inputShape, 2);
    const channels = inputShape.at(-1)!;
    const size = fieldSize(from, group);
    if (channels % size !== 0) {
      throw new HookeError(
        `received ${channels} channels; ${from} fields have ${size} each under ${group}. Give a multiple.`,
        {
          code: "mismatch",
        },
      );
    }
    if (config.activation !== undefined && (to === "vector" || to === "tensor"))
      throw new HookeError(`has an activation of ${to} fields, which would bend them; leave it out.`);
    const filters = fields * fieldSize(to, group);
    const fanIn = kernelSize * kernelSize * channels;
    return {
      kernel: { shape: [kernelSize, kernelSize, channels, filters], initializer: "torchDefault" },
      bias: bias ? { shape: [filters], initializer: "torchDefault", fanIn } : undefined,
    };
  },
  apply: ({ config, params: { kernel, bias }, extras: { lengths } }, x) => {
    const { kernelSize, paddingMode: mode = "zeros", activation } = config;
    const own = { x, kernel: symmetric(kernel, config), lengths };
    const product = convolve(own, { kernelSize, paddingMode: mode }, 2);
    const sum = bias === undefined ? product : add(product, symmetricBias(bias, config));
    return activation === undefined ? sum : activate(activation, sum);
  },
});

const indices = (list: readonly number[]) => array(list as number[], { dtype: "i32" });

/** The sum of a kernel over the group, over the root of its order. */
function symmetric(kernel: Tensor, { group = "p4m", from = "regular", to = "regular" }: SymmetricConvConfig): Tensor {
  const [size, , channels, filters] = kernel.shape as [number, number, number, number];
  const flat = reshape(kernel, [size * size, channels, filters]);
  const windows = windowActions(size, group);
  const [ins, outs] = [
    actionsOn(from, group).map((action) => repeated(action, channels / action.source.length)),
    actionsOn(to, group).map((action) => repeated(action, filters / action.source.length)),
  ];
  const turned = windows.map((window, element) => {
    const [input, output] = [ins[element]!, outs[element]!];
    const placed = gather(
      gather(gather(flat, indices(window), 0), indices(input.source), 1),
      indices(output.source),
      2,
    );
    return signed(signed(placed, input.sign, [1, channels, 1]), output.sign, [1, 1, filters]);
  });
  return reshape(mul(turned.reduce(add), 1 / Math.sqrt(orderOf(group))), kernel.shape);
}

/** The part of a bias that no turn changes. */
function symmetricBias(bias: Tensor, { group = "p4m", to = "regular" }: SymmetricConvConfig): Tensor {
  const filters = bias.shape[0]!;
  const turned = actionsOn(to, group).map((action) => {
    const { source, sign } = repeated(action, filters / action.source.length);
    return signed(gather(bias, indices(source)), sign, [filters]);
  });
  return mul(turned.reduce(add), 1 / orderOf(group));
}

/** Times signs along an axis. */
function signed(values: Tensor, signs: readonly number[], shape: readonly number[]): Tensor {
  if (signs.every((sign) => sign === 1)) return values;
  return mul(values, reshape(array(signs as number[], { dtype: values.dtype }), shape));
}
