// Activations as functions of tensors, safe at any finite input and exact in their derivatives of every order.
// sigmoid, tanh, exp, softmax and logSoftmax are operations of the runtime.
import {
  add,
  checkOptions,
  checks,
  div,
  erf,
  exp,
  expm1,
  greater,
  lessEqual,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  select,
  sigmoid,
  sin,
  type Tensor,
  tanh,
  tensorFor,
} from "@hooke/runtime";

/** Options of the activations that have some. */
export const leakyReluOptions = { optional: { negativeSlope: checks.nonNegative } };
export const eluOptions = { optional: { alpha: checks.finite } };
export const geluOptions = { optional: { approximate: (value: unknown) => checks.oneOf(value, ["none", "tanh"]) } };
export const sineOptions = { optional: { frequency: checks.positive } };

/** An activation without options. */
const plain =
  (name: string, compute: (x: Tensor) => Tensor) =>
  (x: Operand, ...more: []): Tensor =>
    compute(tensorFor(name, x, more));

// Not maximum, whose derivative at 0 is 1/2; and NaN stays NaN.
/** `max(x, 0)`; derivative 0 at 0, as in PyTorch. */
export const relu: (x: Operand) => Tensor = /* @__PURE__ */ plain("relu", (x) => select(lessEqual(x, 0), 0, x));

/** `x` above 0, `negativeSlope * x` elsewhere. */
export function leakyRelu(x: Operand, options: { readonly negativeSlope?: number } = {}): Tensor {
  checkOptions("leakyRelu", options, leakyReluOptions);
  return select(greater(x, 0), x, mul(x, options.negativeSlope ?? 0.01));
}

/** `x` above 0, `alpha * (e^x - 1)` elsewhere. Clevert et al. 2015. */
export function elu(x: Operand, options: { readonly alpha?: number } = {}): Tensor {
  checkOptions("elu", options, eluOptions);
  const value = tensorFor("elu", x);
  const above = greater(value, 0);
  // The exponential never sees what it is not needed for: its overflow would turn the gradient into 0 * Infinity.
  return select(above, value, mul(expm1(select(above, 0, value)), options.alpha ?? 1));
}

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

/** Scaled elu whose outputs keep mean 0 and variance 1. Klambauer et al. 2017. */
export const selu: (x: Operand) => Tensor = /* @__PURE__ */ plain("selu", (x) =>
  mul(elu(x, { alpha: seluAlpha }), seluScale),
);

/** `x * P(Z <= x)` for a standard normal Z; `approximate: "tanh"` is the formula of Hendrycks and Gimpel 2016. */
export function gelu(x: Operand, options: { readonly approximate?: "none" | "tanh" } = {}): Tensor {
  checkOptions("gelu", options, geluOptions);
  const value = tensorFor("gelu", x);
  if (options.approximate !== "tanh") return mul(mul(value, 0.5), add(erf(mul(value, Math.SQRT1_2)), 1));
  // (1 + tanh(u)) / 2 is sigmoid(2 u), which keeps its digits where 1 + tanh cancels. It is 0 or 1 long before the cube overflows.
  const near = minimum(maximum(value, -30), 30);
  const cubic = add(near, mul(mul(mul(near, near), near), 0.044715));
  return mul(value, sigmoid(mul(cubic, 2 * Math.sqrt(2 / Math.PI))));
}

/** 0 up to -3, 1 from 3 on, and `(x + 3) / 6` between; derivative 0 at both bends, as in PyTorch. */
export const hardSigmoid: (x: Operand) => Tensor = /* @__PURE__ */ plain("hardSigmoid", (x) =>
  select(lessEqual(3, x), 1, div(relu(add(x, 3)), 6)),
);

/** `x * hardSigmoid(x)`; derivative 0 at -3 and 1 at 3, as in PyTorch. Howard et al., "Searching for MobileNetV3", 2019. */
export const hardSwish: (x: Operand) => Tensor = /* @__PURE__ */ plain("hardSwish", (x) => mul(x, hardSigmoid(x)));

/** `x * sigmoid(x)`, also called swish. */
export const silu: (x: Operand) => Tensor = /* @__PURE__ */ plain("silu", (x) => mul(x, sigmoid(x)));

/** `sin(frequency * x)`, default frequency 1. Sitzmann et al. 2020, whose omega_0 is the frequency. */
export function sine(x: Operand, options: { readonly frequency?: number } = {}): Tensor {
  checkOptions("sine", options, sineOptions);
  const value = tensorFor("sine", x);
  return sin(options.frequency === undefined ? value : mul(value, options.frequency));
}

/** `x * tanh(softplus(x))`. Misra 2019. */
export const mish: (x: Operand) => Tensor = /* @__PURE__ */ plain("mish", (x) => {
  // From 40 on the factor is 1; the bound keeps its derivatives from meeting numbers that overflow.
  return mul(x, tanh(softplus(minimum(x, 40))));
});

/** `log(1 + e^x)`, its derivative `sigmoid(x)`. */
export const softplus: (x: Operand) => Tensor = /* @__PURE__ */ plain("softplus", (x) => {
  const above = greater(x, 0);
  // Two formulas rather than max(x, 0) + log1p(exp(-|x|)), whose second derivative at 0 is wrong.
  return add(select(above, x, 0), log1p(exp(select(above, neg(x), x))));
});
