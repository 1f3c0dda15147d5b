// Convolution that turns with its input.
import {
  type Activation,
  activate,
  activationCheck,
  defineLayer,
  type Initializer,
  initializerCheck,
  type LayerFactory,
  refuseLengths,
} from "@hooke/core";
import {
  add,
  broadcastTo,
  type Check,
  checks,
  concat,
  fullLike,
  HookeError,
  reshape,
  type Tensor,
} from "@hooke/runtime";
import { spatialOf } from "../input.ts";
import { convolve } from "../layers/conv.ts";
import { type PaddingMode, paddingMode as paddingModeCheck } from "../options.ts";
import { componentsOf, type FieldKind, fieldKinds } from "./fields.ts";
import { freeShape, symmetricKernel } from "./kernel.ts";
import type { SymmetryGroup } from "./motions.ts";

/** Options of {@link symmetricConv2d}. */
export interface SymmetricConvConfig {
  /** Number of fields of the output. */
  readonly fields: number;
  /** Points of the square window along each side: an odd number. */
  readonly kernelSize: number;
  /** Default `"p4m"`. */
  readonly group?: SymmetryGroup;
  /** What the input's channels are. Default `"regular"`, as another such convolution makes them. */
  readonly from?: FieldKind;
  /** What the output's channels are. Default `"regular"`. */
  readonly to?: FieldKind;
  /** `"same"` keeps the size. Default `"same"`. */
  readonly padding?: "same" | "valid";
  /** What padding holds. Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
  /** Applied to the result, which is scalar or regular. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added: to tensors a multiple of the unit tensor, to vectors none. Default true. */
  readonly bias?: boolean;
  /** Default `"torchDefault"`: uniform within `1 / sqrt(fan in)`. */
  readonly kernelInitializer?: Initializer;
  /** Default `"torchDefault"`: uniform within `1 / sqrt(fan in)`. */
  readonly biasInitializer?: Initializer;
}

export const groupCheck: Check = (value) => checks.oneOf(value, ["p4", "p4m"]);
const fieldCheck: Check = (value) => checks.oneOf(value, fieldKinds);
const oddCheck: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) % 2 === 1
    ? undefined
    : "an odd number: a window that is turned about a point";

/**
 * Convolution whose output turns as its input does: `[batch, height, width, channels]` to `[batch, height', width', filters x components]`. An
 * image that is turned by 90 degrees, or mirrored where the group is `"p4m"`, gives the output of the first, turned alike, at whatever weights. So a
 * network needs no turned copies of its data to know that the laws are the same along all axes.
 *
 * Channels are fields, by their component first: `[x of all, y of all]` for vectors. An image of phases is one scalar; a displacement one vector; a
 * stress one tensor. Between, fields are `"regular"`: one number for each motion of the group, as if so many turned kernels had been convolved, and any
 * activation keeps the symmetry. {@link symmetricBatchNorm} normalises them, {@link fieldPool} makes scalars of them; maximum and average pools
 * keep the symmetry where their windows meet no border, as windows of 2 with sides that are even.
 *
 * Parameters: `kernel [kernelSize, kernelSize, ...components, channels, fields]`: the components of the input, or of the output if only the input is
 * regular, or of both if neither is; `bias [fields]`.
 *
 * Cohen and Welling, "Group equivariant convolutional networks", ICML 2016; vectors and tensors: Cohen and Welling, "Steerable CNNs", ICLR 2017.
 *
 * @throws on even windows, on channels that are not whole fields, and on an activation of vectors or tensors
 * @example
 * ```ts
 * import { globalAveragePool, fieldPool, symmetricConv2d } from "@hooke/layers-conv";
 * import { sequential, summary } from "@hooke/core";
 *
 * const model = sequential([
 *   symmetricConv2d({ fields: 4, kernelSize: 3, from: "scalar", activation: "relu" }),
 *   symmetricConv2d({ fields: 8, kernelSize: 3, activation: "relu" }),
 *   fieldPool(),
 *   globalAveragePool(),
 * ]);
 * console.log(summary(model, [32, 32, 1]).rows.map(({ outputShape }) => outputShape.at(-1))); // [ 32, 64, 8, 8 ]
 * ```
 */
export const symmetricConv2d: LayerFactory<SymmetricConvConfig> = /* @__PURE__ */ defineLayer({
  type: "symmetricConv2d",
  options: {
    required: { fields: checks.count, kernelSize: oddCheck },
    optional: {
      group: groupCheck,
      from: fieldCheck,
      to: fieldCheck,
      padding: (value) => checks.oneOf(value, ["same", "valid"]),
      paddingMode: paddingModeCheck,
      activation: activationCheck,
      bias: checks.flag,
      kernelInitializer: initializerCheck,
      biasInitializer: initializerCheck,
    },
  },
  params: (config: SymmetricConvConfig, inputShape) => {
    const { fields, kernelSize, bias = true } = config;
    const { kernelInitializer = "torchDefault", biasInitializer = "torchDefault" } = config;
    const between = betweenOf(config);
    spatialOf(inputShape, 2);
    const cure = 'What the input holds is said by { from: "scalar" } and the like.';
    const channels = fieldsIn(inputShape.at(-1)!, between.from, between.group, cure);
    if (config.activation !== undefined && between.to !== "regular" && between.to !== "scalar") {
      throw new HookeError(
        `has an activation for ${between.to}s, whose components would no longer turn as one does; leave it out, or apply it to "regular" fields before.`,
        { code: "invalid-argument" },
      );
    }
    const fanIn = kernelSize ** 2 * inputShape.at(-1)!;
    const biased = bias && between.to !== "vector";
    return {
      kernel: { shape: freeShape(between, kernelSize, channels, fields), initializer: kernelInitializer, fanIn },
      bias: biased ? { shape: [fields], initializer: biasInitializer, fanIn } : undefined,
    };
  },
  apply: ({ config, params: { kernel, bias }, extras: { lengths } }, x) => {
    refuseLengths(lengths, "images that are turned have no steps; leave them out");
    const { kernelSize, padding = "same", paddingMode = "zeros" } = config;
    const between = betweenOf(config);
    const whole = symmetricKernel(kernel, between);
    const product = convolve({ x, kernel: whole, lengths: undefined }, { kernelSize, padding, paddingMode }, 2);
    const sum = bias === undefined ? product : add(product, biasOf(bias, between.to, between.group));
    return config.activation === undefined ? sum : activate(config.activation, sum);
  },
});

const betweenOf = ({ group = "p4m", from = "regular", to = "regular" }: SymmetricConvConfig) => ({ group, from, to });

/** How many fields channels are. @throws with the cure if they are not whole ones */
export function fieldsIn(
  channels: number,
  field: FieldKind,
  group: SymmetryGroup,
  cure = "It takes what symmetricConv2d makes under the same group.",
): number {
  const components = componentsOf(field, group);
  if (channels % components === 0) return channels / components;
  throw new HookeError(
    `received ${channels} channels; ${field} fields of ${group} have ${components} components each. ${cure}`,
    { code: "mismatch" },
  );
}

/** Of all channels, such that no motion changes it. */
function biasOf(bias: Tensor, to: FieldKind, group: SymmetryGroup): Tensor {
  const [fields] = bias.shape as readonly [number];
  if (to === "tensor") return concat([bias, bias, fullLike(bias, 0)], 0);
  const components = componentsOf(to, group);
  return components === 1 ? bias : reshape(broadcastTo(bias, [components, fields]), [components * fields]);
}
