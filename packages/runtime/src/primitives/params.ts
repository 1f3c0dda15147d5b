// The closed set of primitives and the parameters of each. Everything Hooke computes is a program over these.
import type { DType, HostArray, Shape } from "../array.ts";
import type { Program } from "../program.ts";
import type { Tensor } from "../tensor.ts";

/** No parameters. */
export type None = Readonly<Record<string, never>>;

/** Convolution: `x[N, ...spatial, Cin]`, `kernel[...window, Cin / groups, Cout]`; one to three spatial dimensions. */
export interface ConvParams {
  readonly stride: readonly number[];
  /** Zeros added before and after each spatial dimension; not negative. */
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

/** Pooling windows over the spatial dimensions of `x[N, ...spatial, C]`; one to three of them. */
export interface PoolParams {
  readonly window: readonly number[];
  readonly stride: readonly number[];
  /** Elements added before and after each spatial dimension; they never win a maximum and add nothing to a sum. */
  readonly padding: readonly (readonly [number, number])[];
}

/** What a gradient of a window operation needs besides: the size that the window operation forgot. */
export interface SpatialParams {
  /** Spatial dimensions of the result. */
  readonly spatial: readonly number[];
}

/** A loop: its body is a program for one step. */
export interface ScanParams {
  /** `(consts, carry, xs) -> (carry, ys)` for one step; each of `xs` and `ys` lacks the leading length dimension. */
  readonly body: Program;
  readonly length: number;
  /** Number of inputs that are the same in every step. */
  readonly consts: number;
  /** Number of inputs carried from step to step. */
  readonly carry: number;
  /** From the last step to the first; `ys[t]` stays with `xs[t]`. */
  readonly reverse: boolean;
  /** Whether derivatives compute a step again from its inputs instead of keeping what it computed. Default false. */
  readonly recompute?: boolean;
}

/** A function with stated derivatives. */
export interface KnownParams {
  /** Its name, which stands for one function alone. */
  readonly of: string;
  /** Its derivative in each operand, from all of them. */
  readonly slopes: readonly ((...x: Tensor[]) => Tensor)[];
}

/** Which triangle of a matrix is read, its diagonal included, and whether it is read transposed. */
export interface TriangularParams {
  readonly lower: boolean;
  /** `aᵀ x = b`: the upper triangle of `aᵀ` where `lower` is set. */
  readonly transposeA: boolean;
}

/** Parameters of every primitive; the keys are the closed set. */
export interface PrimitiveParams {
  // elementwise, one operand
  neg: None;
  abs: None;
  sign: None;
  floor: None;
  exp: None;
  expm1: None;
  log: None;
  log1p: None;
  sin: None;
  cos: None;
  tan: None;
  tanh: None;
  sigmoid: None;
  erf: None;
  sqrt: None;
  rsqrt: None;
  not: None;
  convert: { readonly dtype: DType };
  /** The operand itself; its derivative is zero. */
  stopGradient: None;
  // elementwise, two or three operands of one shape
  add: None;
  sub: None;
  mul: None;
  div: None;
  /** Remainder with the sign of the dividend. */
  rem: None;
  pow: None;
  maximum: None;
  minimum: None;
  equal: None;
  notEqual: None;
  less: None;
  lessEqual: None;
  and: None;
  or: None;
  xor: None;
  shiftLeft: None;
  /** Logical for `u32`, arithmetic for `i32`. */
  shiftRight: None;
  /** `condition ? a : b`. */
  select: None;
  /** `(value, ...x) -> value`, which is the function `of` of `x`: derivatives are those, whatever computed the value. */
  known: KnownParams;
  // creation
  full: { readonly value: number; readonly shape: Shape; readonly dtype: DType };
  constant: { readonly value: HostArray };
  /** The index along `axis`. */
  iota: { readonly shape: Shape; readonly axis: number; readonly dtype: DType };
  /** Threefry 2x32, 20 rounds: words `2i` and `2i + 1` are block `(i, 0)` of the key. */
  randomBits: { readonly shape: Shape };
  /** Block `(data, 1)` of the key: a new key. */
  foldKey: None;
  // structure
  reshape: { readonly shape: Shape };
  /** Output axis `i` is input axis `permutation[i]`. */
  transpose: { readonly permutation: readonly number[] };
  /** Input axis `i` becomes output axis `axes[i]` (increasing, sizes equal); other output axes repeat. */
  broadcast: { readonly shape: Shape; readonly axes: readonly number[] };
  slice: { readonly start: readonly number[]; readonly limit: readonly number[]; readonly strides: readonly number[] };
  /** `interior` elements between neighbours, `low` and `high` at the ends; none negative. */
  pad: {
    readonly low: readonly number[];
    readonly high: readonly number[];
    readonly interior: readonly number[];
    readonly value: number;
  };
  concat: { readonly axis: number };
  reverse: { readonly axes: readonly number[] };
  // reductions: the named axes disappear
  sum: { readonly axes: readonly number[] };
  max: { readonly axes: readonly number[] };
  min: { readonly axes: readonly number[] };
  /** First index of the maximum, `i32`. */
  argMax: { readonly axis: number };
  // linear algebra: a[...batch, M, K] b[...batch, K, N], each stored transposed where the flag says so
  dot: { readonly transposeA: boolean; readonly transposeB: boolean };
  /**
   * The lower factor `L` of the symmetric part of `x[...batch, N, N]`: `L Lᵀ = (x + xᵀ) / 2`, zeros above the diagonal. Where a leading
   * minor is not positive and finite, its row and all below are NaN, on and below the diagonal.
   */
  cholesky: None;
  /** `(a[...batch, N, N], b[...batch, N, K]) -> x` with `a x = b`. */
  triangularSolve: TriangularParams;
  // convolution: the closed trio
  conv: ConvParams;
  /** `(cotangent, kernel) -> x`. */
  convInputGradient: ConvParams & SpatialParams;
  /** `(x, cotangent) -> kernel`; `spatial` is the kernel's window. */
  convKernelGradient: ConvParams & SpatialParams;
  // pooling
  maxPool: PoolParams;
  /** Index within the window (row-major) of the first maximum, `i32`. */
  maxPoolIndex: PoolParams;
  /** `(x, index) -> x at index of each window`. */
  poolGather: PoolParams;
  /** `(cotangent, index) -> x`; transposes `poolGather`. */
  poolScatter: PoolParams & SpatialParams;
  sumPool: PoolParams;
  /** Transposes `sumPool`. */
  sumPoolTranspose: PoolParams & SpatialParams;
  // indexing
  /** `(x, indices) -> x[..., indices, ...]`: `indices` (i32, any rank) replaces `axis`; an index out of range reads 0. */
  gather: { readonly axis: number };
  /** `(indices, updates) -> x`; transposes `gather`; an index out of range adds nothing. */
  scatterAdd: { readonly axis: number; readonly size: number };
  cumsum: { readonly axis: number; readonly reverse: boolean };
  /** Ascending, NaN last. */
  sort: { readonly axis: number };
  /** Indices (`i32`) that sort ascending, stable, NaN last. */
  argSort: { readonly axis: number };
  // packing
  /** `x` in fewer bits: two `f32` in a word of `u32`, rounded to bfloat16, the first in the lower half; 32 `bool`, from the lowest bit on. */
  pack: None;
  /** What `pack` made such words of: an array of the shape and dtype. */
  unpack: { readonly shape: Shape; readonly dtype: "f32" | "bool" };
  // control
  scan: ScanParams;
}

/** The name of a primitive. */
export type PrimitiveName = keyof PrimitiveParams;
