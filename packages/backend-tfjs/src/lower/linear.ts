// The matrix product and the convolution trio.
//
// Kernels of tfjs 4.22 that are not used as they are:
//  - BatchMatMul with a transposed operand is 40 times slower on wasm: operands are transposed beforehand there. So it is of
//    batches, but taking them apart costs as much.
//  - BatchMatMul and Conv2D on wasm keep what they prepare of an array, and use it again under another shape: such an array
//    is copied there.
//  - Conv2DBackpropInput and Conv2DBackpropFilter know no dilation; the latter is missing on wasm.
//  - TensorFlow's own binding takes no explicit padding: arrays are padded beforehand there.
//  - Conv3DBackpropInput reads past the ends of its arrays on wasm. No kernel knows groups, and DepthwiseConv2d has no second derivative.
// Whatever the 2-D kernels cannot do becomes windows gathered into a matrix and one product, in one to three dimensions.
import { type ConvParams, type Shape, sizeOf } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";
import { addPairs, channelParts, longestProduct, productInParts } from "./steady.ts";
import { structure } from "./structure.ts";
import type { Lowerings } from "./table.ts";
import { type Coverage, columns, cover, gatherColumns } from "./windows.ts";

/** `a[batch, M, K] b[batch, K, N]`, each stored transposed where the flag says so. */
function product(k: Kernels, a: Ref, b: Ref, transposeA = false, transposeB = false): Ref {
  const rows = a.shape[transposeA ? 2 : 1]!;
  const columnCount = b.shape[transposeB ? 1 : 2]!;
  const shape = [a.shape[0]!, rows, columnCount];
  if (a.shape[transposeA ? 1 : 2] === 0) return k.zeros(shape, "float32");
  const isLong = a.shape[transposeA ? 1 : 2]! > longestProduct(k);
  if ((isLong || !k.can.transposedProducts) && (transposeA || transposeB)) {
    const turn = (x: Ref, isStored: boolean): Ref => (isStored ? k.transpose(x, [0, 2, 1]) : x);
    return product(k, turn(a, transposeA), turn(b, transposeB));
  }
  // The outer product.
  if (a.shape[transposeA ? 1 : 2] === 1) {
    return k.binary("Multiply", k.reshape(a, [shape[0]!, rows, 1]), k.reshape(b, [shape[0]!, 1, columnCount]));
  }
  if (isLong) return productInParts(k, a, b, (left, right) => product(k, left, right));
  return k.call("BatchMatMul", { a, b: k.ownWeights(b) }, { transposeA, transposeB }, shape, "float32");
}

const spatialOf = (shape: Shape): Shape => shape.slice(1, -1);
const isOne = (n: number): boolean => n === 1;

/** A row of height 1 before one spatial dimension, so that the kernels for two dimensions apply. */
const tall = (shape: Shape, isKernel: boolean): Shape =>
  isKernel ? (shape.length === 3 ? [1, ...shape] : shape) : shape.length === 3 ? shape.toSpliced(1, 0, 1) : shape;

function attributes({ stride, padding, dilation }: ConvParams) {
  const pair = (list: readonly number[]): number[] => (list.length === 1 ? [1, ...list] : [...list]);
  const around = [[0, 0], ...(padding.length === 1 ? [[0, 0]] : []), ...padding.map((sides) => [...sides]), [0, 0]];
  return { strides: pair(stride), pad: around, dataFormat: "NHWC", dilations: pair(dilation) };
}

/** Windows, and the sizes of the matrices that multiply them. */
interface Matrices {
  readonly windows: Coverage;
  readonly groups: number;
  /** Batch times output positions. */
  readonly rows: number;
  /** Window positions. */
  readonly taps: number;
  /** Channels and filters of one group. */
  readonly channels: number;
  readonly filters: number;
}

function matrices(x: Shape, kernel: Shape, y: Shape, params: ConvParams): Matrices {
  const window = kernel.slice(0, -2);
  const windows = cover(spatialOf(x), spatialOf(y), { ...params, window });
  const { groups } = params;
  const [channels, filters] = [kernel.at(-2)!, kernel.at(-1)! / groups];
  return { windows, groups, rows: y[0]! * windows.outputs, taps: windows.taps, channels, filters };
}

/** `x` as `[groups, rows, taps * channels]`. */
function inputMatrix(k: Kernels, x: Ref, { windows, groups, rows, taps, channels }: Matrices): Ref {
  const seen = k.reshape(columns(k, x, windows, 0), [rows, taps, groups, channels]);
  return k.reshape(k.transpose(seen, [2, 0, 1, 3]), [groups, rows, taps * channels]);
}

/** The kernel as `[groups, taps * channels, filters]`. */
const kernelMatrix = (k: Kernels, kernel: Ref, { groups, taps, channels, filters }: Matrices): Ref =>
  k.transpose(k.reshape(kernel, [taps * channels, groups, filters]), [1, 0, 2]);

/** The output or its cotangent as `[groups, rows, filters]`. */
const outputMatrix = (k: Kernels, y: Ref, { groups, rows, filters }: Matrices): Ref =>
  k.transpose(k.reshape(y, [rows, groups, filters]), [1, 0, 2]);

/** Whether an array must be padded before a kernel convolves it. */
const needsPadding = (k: Kernels, { padding }: ConvParams): boolean =>
  !k.can.explicitPadding && padding.some(([low, high]) => low + high > 0);

const unpadded = <P extends ConvParams>(params: P): P => ({
  ...params,
  padding: params.padding.map(() => [0, 0] as const),
});

/** Spatial dimensions with their padding. */
const paddedSpatial = (spatial: readonly number[], { padding }: ConvParams): number[] =>
  spatial.map((dimension, axis) => dimension + padding[axis]![0] + padding[axis]![1]);

function padded(k: Kernels, x: Ref, params: ConvParams): Ref {
  const sides = [[0, 0], ...params.padding, [0, 0]] as const;
  const [low, high] = [sides.map(([before]) => before), sides.map(([, after]) => after)];
  const shape = [x.shape[0]!, ...paddedSpatial(spatialOf(x.shape), params), x.shape.at(-1)!];
  const avals = { inputs: [], output: { shape, dtype: "f32" } } as const;
  return structure.pad(k, [x], { low, high, interior: low.map(() => 0), value: 0 }, avals);
}

export const linear: Pick<Lowerings, "dot" | "conv" | "convInputGradient" | "convKernelGradient"> = {
  dot(k, [a, b], { transposeA, transposeB }, { output }) {
    const flat = (x: Ref): Ref => k.reshape(x, [sizeOf(x.shape.slice(0, -2)), ...x.shape.slice(-2)]);
    return k.reshape(product(k, flat(a!), flat(b!), transposeA, transposeB), output.shape);
  },
  conv(k, [x, kernel], params, avals) {
    const { output } = avals;
    if (needsPadding(k, params)) return linear.conv(k, [padded(k, x!, params), kernel!], unpadded(params), avals);
    const parts = channelParts(k, sizeOf(kernel!.shape.slice(0, -2)), x!.shape.at(-1)!);
    if (parts && x!.shape.length <= 4 && params.groups === 1 && sizeOf(kernel!.shape) > 0) {
      const [image, window] = [k.reshape(x!, tall(x!.shape, false)), k.reshape(kernel!, tall(kernel!.shape, true))];
      const shape = tall(output.shape, false);
      const convolve = ([from, to]: readonly [number, number]): Ref => {
        const inputs = { x: k.slice(image, 3, from, to), filter: k.ownWeights(k.slice(window, 2, from, to)) };
        return k.call("Conv2D", inputs, attributes(params), shape, "float32");
      };
      return k.reshape(addPairs(k, parts.map(convolve)), output.shape);
    }
    const sizes = matrices(x!.shape, kernel!.shape, output.shape, params);
    const { groups, rows, filters } = sizes;
    const y = product(k, inputMatrix(k, x!, sizes), kernelMatrix(k, kernel!, sizes));
    return k.reshape(k.transpose(k.reshape(y, [groups, rows, filters]), [1, 0, 2]), output.shape);
  },
  convInputGradient(k, [ct, kernel], params, { inputs, output }) {
    if (needsPadding(k, params)) {
      const spatial = paddedSpatial(params.spatial, params);
      const whole = { ...output, shape: [output.shape[0]!, ...spatial, output.shape.at(-1)!] };
      const wide = { ...unpadded(params), spatial };
      const x = linear.convInputGradient(k, [ct!, kernel!], wide, { inputs, output: whole });
      return params.spatial.reduce((part, dimension, i) => {
        const low = params.padding[i]![0];
        return k.slice(part, i + 1, low, low + dimension);
      }, x);
    }
    const parts = channelParts(k, sizeOf(kernel!.shape.slice(0, -2)), ct!.shape.at(-1)!);
    const isPlain = ct!.shape.length <= 4 && params.groups === 1 && params.dilation.every(isOne);
    if (parts && isPlain && sizeOf(kernel!.shape) > 0) {
      const [dy, window] = [k.reshape(ct!, tall(ct!.shape, false)), k.reshape(kernel!, tall(kernel!.shape, true))];
      const shape = tall(output.shape, false);
      const attrs = { ...attributes(params), inputShape: [...shape] };
      const convolve = ([from, to]: readonly [number, number]): Ref => {
        const inputs = { dy: k.slice(dy, 3, from, to), filter: k.slice(window, 3, from, to) };
        return k.call("Conv2DBackpropInput", inputs, attrs, shape, "float32");
      };
      return k.reshape(addPairs(k, parts.map(convolve)), output.shape);
    }
    const sizes = matrices(output.shape, kernel!.shape, ct!.shape, params);
    const { groups, rows, taps, channels, windows } = sizes;
    const seen = product(k, outputMatrix(k, ct!, sizes), kernelMatrix(k, kernel!, sizes), false, true);
    const ordered = k.transpose(k.reshape(seen, [groups, rows, taps, channels]), [1, 2, 0, 3]);
    const shape = [ct!.shape[0]!, windows.outputs, taps, groups * channels];
    return gatherColumns(k, k.reshape(ordered, shape), windows, params.spatial);
  },
  convKernelGradient(k, [x, ct], params, avals) {
    const { output } = avals;
    if (needsPadding(k, params)) {
      return linear.convKernelGradient(k, [padded(k, x!, params), ct!], unpadded(params), avals);
    }
    const isPlain = x!.shape.length <= 4 && params.groups === 1 && params.dilation.every(isOne);
    if (isPlain && k.offers("Conv2DBackpropFilter") && sizeOf(x!.shape) > 0 && sizeOf(ct!.shape) > 0) {
      const shape = tall(output.shape, true);
      const inputs = { x: k.reshape(x!, tall(x!.shape, false)), dy: k.reshape(ct!, tall(ct!.shape, false)) };
      const attrs = { ...attributes(params), filterShape: [...shape] };
      return k.reshape(k.call("Conv2DBackpropFilter", inputs, attrs, shape, "float32"), output.shape);
    }
    const sizes = matrices(x!.shape, output.shape, ct!.shape, params);
    const total = product(k, inputMatrix(k, x!, sizes), outputMatrix(k, ct!, sizes), true);
    return k.reshape(k.transpose(total, [1, 0, 2]), output.shape);
  },
};
