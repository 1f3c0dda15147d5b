// The operations of the runtime against PyTorch: values, elementwise derivatives to third order, gradients and second gradients.
import * as hooke from "@hooke/runtime";
import { grad, type HostArray, mul, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, loadGolden } from "../golden.ts";
import { differences } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";

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
function value({ name, operation, config }: GoldenCase, { x, a, b, c, kernel, indices, updates }: Named): Tensor {
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
    case "einsum":
      return call(config.notation, ...[a, b, c].filter((operand) => operand !== undefined));
    case "scatterSet":
    case "scatterMax":
      return call(x, indices, updates, config.axis);
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

const { cases } = loadGolden("functions");
const elementwise = cases.filter(({ derivatives }) => Object.keys(derivatives).length > 0);
const others = cases.filter(({ derivatives }) => Object.keys(derivatives).length === 0);

// PyTorch treats pow with exponent 1 as if its second derivative did not depend on the exponent. It does: at b = 1,
// d3/da2db a^b = 1 / a.
const powers = cases.find(({ name }) => name === "pow")!;
const exponents = powers.inputs.b!.data;
powers.derivatives.aab!.data[exponents.indexOf(1)] = 1 / powers.inputs.a!.data[exponents.indexOf(1)]!;

/** A partial derivative by its name: `aab` is two derivatives in `a`, then one in `b`. */
async function partial(golden: GoldenCase, name: string): Promise<HostArray> {
  let fn = (inputs: Named): Tensor => value(golden, inputs);
  for (const variable of name) {
    const before = fn;
    fn = (inputs) => grad((v: Tensor) => sum(before({ ...inputs, [variable]: v })))(inputs[variable]!);
  }
  return run(referenceBackend(), (inputs: Named) => fn(inputs), golden.inputs) as unknown as Promise<HostArray>;
}

describe("elementwise functions and their derivatives", () => {
  it.each(elementwise)("$name", async (golden) => {
    const names = ["", ...Object.keys(golden.derivatives)];
    const found = await Promise.all(names.map(async (name) => [name || "value", await partial(golden, name)] as const));
    expect(differences(Object.fromEntries(found), { ...golden.derivatives, ...golden.outputs }, 1e-12)).toEqual({});
  });
});

describe("functions of arrays and their gradients", () => {
  it.each(others)("$name", async (golden) => {
    const found = await recompute(referenceBackend(), golden, (inputs) => ({ value: value(golden, inputs) }));
    expect(differences(found.outputs, golden.outputs, 1e-12)).toEqual({});
    expect(differences(found.gradients, golden.gradients, 1e-11)).toEqual({});
    expect(differences(found.secondGradients, golden.secondGradients, 1e-11)).toEqual({});
  });
});
