// Checks of derivatives against the definition: central differences in double precision on the reference interpreter.
import {
  abs,
  add,
  asTensor,
  evaluate,
  fail,
  grad,
  type HostArray,
  interpret,
  jvp,
  mul,
  optimize,
  type Program,
  record,
  scalarOf,
  sum,
  type Tensor,
  type Value,
  vjp,
} from "@hooke/runtime";
import { sample } from "./cases/samples.ts";

/** Options of {@link checkDerivatives}. */
export interface DerivativeOptions {
  /** How often to differentiate. Default 1. */
  readonly order?: 1 | 2 | 3;
  /** Allowed error relative to the largest derivative compared. Default 1e-6. */
  readonly relative?: number;
  /**
   * What differences are taken along: every element by itself, or one random direction of each input, in which all its
   * elements move: as strict, and quicker where there are many. Default `"elements"`.
   */
  readonly along?: "elements" | "directions";
  /** Step of the differences. A smaller one seldom steps over a kink, such as relu's, and loses digits. Default 2^-9. */
  readonly step?: number;
}

type Scalar = (x: readonly Tensor[]) => Tensor;

/**
 * Checks the derivatives of a function, to third order if wished, in both modes and their mixtures:
 *
 * - forward and reverse mode agree (`<u, J v> = <J^T u, v>`) to rounding;
 * - the gradient of `s(x) = <weights, fn(x)>` agrees with central differences;
 * - then so does the gradient of the directional derivative of `s`, taken in forward and in reverse mode, as often as
 *   `order` says.
 *
 * @param fn a function of tensors, smooth around `inputs`
 * @param inputs f64
 * @throws naming the order, the mode and the input where they differ
 */
export function checkDerivatives(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly HostArray[],
  { order = 1, relative = 1e-6, along = "elements", step = 2 ** -9 }: DerivativeOptions = {},
): void {
  if (inputs.some(({ dtype }) => dtype !== "f64")) fail("checkDerivatives", "takes f64 inputs.");
  const direction = (seed: number): HostArray[] =>
    inputs.map(({ shape }, i) => sample(shape, "f64", { low: -1, high: 1, seed: 100 * seed + i }));
  let scalar: Scalar = (x) => {
    const y = fn(...x);
    return sum(mul(y, sample(y.shape, "f64", { low: 0.5, high: 1.5, seed: 77 })));
  };
  compareModes(fn, inputs, direction(7));
  const slopesOf = (evaluated: Scalar): readonly Slope[] => slopes(evaluated, inputs, along, step);
  const compare = (what: string, differentiated: Scalar, truths: readonly Slope[]): void =>
    compareGradient(what, differentiated, truths, inputs, relative);
  compare("derivative 1", scalar, slopesOf(scalar));
  for (let k = 2; k <= order; k++) {
    const before = scalar;
    const v = direction(k);
    const reverse: Scalar = (x) => inner(grad(before)(x), v);
    const forward: Scalar = (x) => jvp(before, [x], [v.map(asTensor)])[1];
    const truths = slopesOf(reverse);
    compare(`derivative ${k}`, reverse, truths);
    compare(`derivative ${k} of forward mode`, forward, truths);
    // Both modes take turns in the derivatives to come.
    scalar = k % 2 === 0 ? reverse : forward;
  }
}

function inner(a: readonly (Tensor | HostArray)[], b: readonly (Tensor | HostArray)[]): Tensor {
  return a.map((x, i) => sum(mul(x, b[i]!))).reduce((x, y) => add(x, y));
}

function prepare(fn: (x: readonly Tensor[]) => Tensor | readonly Tensor[], inputs: readonly HostArray[]): Program {
  return optimize(record((...x: Tensor[]) => fn(x), ...(inputs as never[])).program);
}

/** Forward and reverse mode compute the same product `u J v`. */
function compareModes(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly HostArray[],
  v: readonly HostArray[],
): void {
  const program = prepare((x) => {
    const [y, derivative] = jvp(fn, [...x], v.map(asTensor));
    const u = asTensor(sample(y.shape, "f64", { low: -1, high: 1, seed: 78 }));
    const [, pullback] = vjp(fn, ...x);
    const cotangents = pullback(u);
    const size = [sum(abs(mul(derivative, u))), ...cotangents.map((c, i) => sum(abs(mul(c, v[i]!))))];
    return [inner([derivative], [u]), inner(cotangents, v), size.reduce((a, b) => add(a, b))];
  }, inputs);
  const [forward, reverse, size] = interpret(program, inputs).map(scalarOf) as [number, number, number];
  if (!(Math.abs(forward - reverse) <= 1e-11 * Math.max(size, 1e-30))) {
    fail("checkDerivatives", `forward mode gives <u, J v> = ${forward}, reverse mode ${reverse}.`);
  }
}

/** How fast a function changes along a direction of one input, by differences. */
interface Slope {
  readonly name: string;
  readonly input: number;
  readonly direction: Float64Array;
  readonly value: number;
}

/** Central differences of a function, along what {@link directionsOf} gives of every input. */
function slopes(
  scalar: Scalar,
  inputs: readonly HostArray[],
  along: "elements" | "directions",
  step: number,
): readonly Slope[] {
  const changed = changing(prepare(scalar, inputs), inputs);
  return inputs.flatMap((array, input) => {
    const evaluated = changed(input);
    return directionsOf(array, input, along).map(({ name, direction }) => ({
      name: `${name} of input ${input}`,
      input,
      direction,
      value: slope(evaluated, array, direction, step),
    }));
  });
}

/** A program of one number, with all inputs but one as they are: what does not depend on that one is computed once. */
function changing(program: Program, inputs: readonly HostArray[]): (input: number) => (array: HostArray) => number {
  const values = new Map<Value, HostArray>(program.inputs.map((value, i) => [value, inputs[i]!]));
  interpret(program, inputs, ({ outputs }, found) => {
    for (const [i, output] of outputs.entries()) values.set(output, found[i]!);
  });
  return (input) => {
    const moving = new Set<Value>([program.inputs[input]!]);
    const nodes = program.nodes.filter((node) => {
      const moves = node.inputs.some((value) => moving.has(value));
      if (moves) for (const output of node.outputs) moving.add(output);
      return moves;
    });
    return (array) => {
      const moved = new Map<Value, HostArray>([[program.inputs[input]!, array]]);
      const at = (value: Value): HostArray => moved.get(value) ?? values.get(value)!;
      for (const { primitive, inputs, outputs, params } of nodes) {
        const found = evaluate(primitive, inputs.map(at), params as never);
        for (const [i, output] of outputs.entries()) moved.set(output, found[i]!);
      }
      return scalarOf(at(program.outputs[0]!));
    };
  };
}

/** Compares the gradient of one function with central differences of another, equal to it. */
function compareGradient(
  what: string,
  differentiated: Scalar,
  truths: readonly Slope[],
  inputs: readonly HostArray[],
  relative: number,
): void {
  const gradients = interpret(
    prepare((x) => grad(differentiated)(x), inputs),
    inputs,
  );
  const largest = Math.max(1e-3, ...truths.map(({ value }) => Math.abs(value)));
  for (const { name, input, direction, value: truth } of truths) {
    const { data } = gradients[input]!;
    const value = direction.reduce((total, part, k) => (part === 0 ? total : total + part * data[k]!), 0);
    if (!(Math.abs(value - truth) <= relative * largest)) {
      fail("checkDerivatives", `${what} in ${name} is ${value}; differences give ${truth}.`);
    }
  }
}

function directionsOf(
  { shape, data }: HostArray,
  i: number,
  along: "elements" | "directions",
): readonly { readonly name: string; readonly direction: Float64Array }[] {
  if (along === "directions") {
    const random = sample(shape, "f64", { low: -1, high: 1, seed: 9000 + i });
    return [{ name: "a direction", direction: (random.data as Float64Array).map((part) => part / data.length ** 0.5) }];
  }
  return Array.from({ length: data.length }, (_, k) => {
    const direction = new Float64Array(data.length);
    direction[k] = 1;
    return { name: `element ${k}`, direction };
  });
}

/** Central differences with two steps, extrapolated (Richardson): the error falls with the fourth power of the step. */
function slope(
  evaluated: (array: HostArray) => number,
  array: HostArray,
  direction: Float64Array,
  step: number,
): number {
  const at = (offset: number): number => {
    const data = (array.data as Float64Array).map((value, k) => value + offset * direction[k]!);
    return evaluated({ ...array, data } as HostArray);
  };
  const central = (h: number): number => (at(h) - at(-h)) / (2 * h);
  return (4 * central(step / 2) - central(step)) / 3;
}
