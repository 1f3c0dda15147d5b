// What each initializer draws. Kernels are [...window, in, out]; fans are those of PyTorch.
import {
  add,
  checks,
  fail,
  full,
  type Key,
  mul,
  normal,
  type OptionTable,
  type Shape,
  sizeOf,
  type Tensor,
  uniform,
} from "@hooke/runtime";
import { orthogonal } from "./orthogonal.ts";

/** A factor of the standard deviation. */
export interface Gain {
  readonly gain?: number;
}

/** The initializers by name, with their options. */
export interface InitializerOptions {
  readonly zeros: Record<never, never>;
  readonly ones: Record<never, never>;
  readonly constant: { readonly value: number };
  /** Uniform on `[low, high)`. */
  readonly uniform: { readonly low: number; readonly high: number };
  /** Normal. Default mean 0. */
  readonly normal: { readonly standardDeviation: number; readonly mean?: number };
  /** Variance `gain^2 * 2 / (fanIn + fanOut)`, default gain 1. Glorot and Bengio 2010. */
  readonly glorotUniform: Gain;
  readonly glorotNormal: Gain;
  /** Variance `gain^2 / fanIn`, default gain `sqrt(2)`, which keeps variances through relu. He et al. 2015. */
  readonly heUniform: Gain;
  readonly heNormal: Gain;
  /** Variance `gain^2 / fanIn`, default gain 1. LeCun et al. 1998. */
  readonly lecunUniform: Gain;
  readonly lecunNormal: Gain;
  /** Orthonormal rows or columns, whichever are fewer, of the kernel as `[fanIn, out]`; default gain 1. Saxe et al. 2014. */
  readonly orthogonal: Gain;
  /** Uniform within `1 / sqrt(fanIn)`: how PyTorch's layers start their kernels and biases. */
  readonly torchDefault: Record<never, never>;
}

interface Request {
  readonly key: Key;
  readonly shape: Shape;
  readonly dtype: "f32" | "f64";
  readonly fanIn: number | undefined;
}

interface Rule<O> {
  readonly options: OptionTable<O>;
  create(request: Request, options: O): Tensor;
}

/** Inputs that reach one output of a kernel, and outputs that one input reaches. @throws below two dimensions */
export function fansOf(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) {
    fail(
      "initializer",
      `shape [${shape.join(", ")}] has no fans; use zeros, constant, uniform or normal, or give fanIn.`,
    );
  }
  return { fanIn: sizeOf(shape.slice(0, -1)), fanOut: sizeOf(shape) / shape.at(-2)! };
}

const fanInOf = ({ shape, fanIn }: Request): number => fanIn ?? fansOf(shape).fanIn;

const glorot = ({ shape }: Request, gain = 1): number => {
  const { fanIn, fanOut } = fansOf(shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
};

const within = ({ key, shape, dtype }: Request, bound: number): Tensor =>
  uniform(key, shape, { low: -bound, high: bound, dtype });

const uniformOf = (request: Request, deviation: number): Tensor => within(request, Math.sqrt(3) * deviation);

const normalOf = ({ key, shape, dtype }: Request, deviation: number): Tensor =>
  mul(normal(key, shape, dtype), deviation);

const gain: OptionTable<Gain> = { optional: { gain: checks.positive } };

export const rules: { readonly [N in keyof InitializerOptions]: Rule<InitializerOptions[N]> } = {
  zeros: { options: {}, create: ({ shape, dtype }) => full(shape, 0, dtype) },
  ones: { options: {}, create: ({ shape, dtype }) => full(shape, 1, dtype) },
  constant: {
    options: { required: { value: checks.finite } },
    create: ({ shape, dtype }, { value }) => full(shape, value, dtype),
  },
  uniform: {
    options: { required: { low: checks.finite, high: checks.finite } },
    create: ({ key, shape, dtype }, { low, high }) => uniform(key, shape, { low, high, dtype }),
  },
  normal: {
    options: { required: { standardDeviation: checks.positive }, optional: { mean: checks.finite } },
    create: (request, { standardDeviation, mean = 0 }) => add(normalOf(request, standardDeviation), mean),
  },
  glorotUniform: { options: gain, create: (request, { gain }) => uniformOf(request, glorot(request, gain)) },
  glorotNormal: { options: gain, create: (request, { gain }) => normalOf(request, glorot(request, gain)) },
  heUniform: {
    options: gain,
    create: (request, { gain = Math.SQRT2 }) => uniformOf(request, gain / Math.sqrt(fanInOf(request))),
  },
  heNormal: {
    options: gain,
    create: (request, { gain = Math.SQRT2 }) => normalOf(request, gain / Math.sqrt(fanInOf(request))),
  },
  lecunUniform: {
    options: gain,
    create: (request, { gain = 1 }) => uniformOf(request, gain / Math.sqrt(fanInOf(request))),
  },
  lecunNormal: {
    options: gain,
    create: (request, { gain = 1 }) => normalOf(request, gain / Math.sqrt(fanInOf(request))),
  },
  orthogonal: {
    options: gain,
    create: ({ key, shape, dtype }, { gain = 1 }) => mul(orthogonal(key, shape, dtype), gain),
  },
  torchDefault: { options: {}, create: (request) => within(request, 1 / Math.sqrt(fanInOf(request))) },
};
