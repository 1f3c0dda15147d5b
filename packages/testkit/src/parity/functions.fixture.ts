// Golden cases of the runtime's operations as functions of their named inputs.
import * as hooke from "@hooke/runtime";
import { mul, type Tensor } from "@hooke/runtime";
import type { GoldenCase } from "../golden.ts";
import type { Named } from "./differentiate.ts";

const { add, div, exp, log1p, neg, sigmoid, sin, sqrt, square, tanh } = hooke;

const nested: Record<string, (x: Tensor) => Tensor> = {
  "tanh(x*x)": (x) => tanh(mul(x, x)),
  "exp(sin(x))": (x) => exp(sin(x)),
  "sigmoid(exp(x))": (x) => sigmoid(exp(x)),
  "tanh(sigmoid(3x))*exp(-x*x)": (x) => mul(tanh(sigmoid(mul(x, 3))), exp(neg(square(x)))),
  "log1p(exp(x))/sqrt(1+x*x)": (x) => div(log1p(exp(x)), sqrt(add(square(x), 1))),
};

type Operation = (...operands: readonly unknown[]) => Tensor;
const operationNamed = (name: string): Operation => (hooke as unknown as Record<string, Operation>)[name]!;

/** The case's function of its named inputs. */
export function resultOf(
  { name, operation, config }: GoldenCase,
  { x, a, b, c, kernel, indices, updates }: Named,
): Tensor {
  const inner = config.nested === undefined ? x : nested[config.nested as string]!(x!);
  const call = operationNamed(operation);
  switch (operation) {
    case "nested":
      return nested[name]!(x!);
    case "pow":
      return call(a, b ?? config.exponent);
    case "clip":
      return call(x, a ?? config.low, b ?? config.high);
    case "softmax":
    case "logSoftmax":
      return call(inner, config.axis);
    case "sort":
    case "cumsum":
    case "cumprod": {
      const { axis, ...options } = config;
      return call(x, axis, options);
    }
    case "fft":
    case "ifft":
    case "rfft": {
      const { re, im } = (call as unknown as (x: unknown, options: object) => hooke.Complex)(
        b === undefined ? a : { re: a, im: b },
        config,
      );
      return hooke.stack([re, im]);
    }
    case "irfft":
      return call({ re: a, im: b }, config);
    case "einsum":
      return call(config.notation, ...[a, b, c].filter((operand) => operand !== undefined));
    case "scatterSet":
    case "scatterMax":
      return call(x, indices, updates, config.axis);
    case "segmentSum":
    case "segmentMean":
    case "segmentMax":
    case "segmentSoftmax":
      return call(x, indices, config.count);
    case "slice":
      return call(x, config.start, config.limit, config.strides);
    case "splitAxis":
      return hooke.splitAxis(x!, config.axis as number, config.parts as number[])[config.part as number]!;
    case "triu":
    case "tril":
      return call(x, config.diagonal);
    case "tile":
      return call(x, config.repeats);
    case "pad":
      return call(x, config.low, config.high, config.mode);
    case "topK":
      return hooke.topK(x!, config.k as number, config.axis as number).values;
    case "matmul":
    case "triangularSolve":
      return call(a, b, config);
    case "conv":
      return call(x, kernel, config);
    case "gather":
      return call(x, indices, config.axis);
    case "scatterAdd":
      return call(indices, updates, config.axis, config.size);
    default:
      if (a !== undefined) return call(a, b);
      return Object.keys(config).length === 0 ? call(x) : call(x, config);
  }
}
