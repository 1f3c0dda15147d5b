// The problems of the tests: the functions of the golden file, as objectives.
import {
  add,
  array,
  type Backend,
  div,
  exp,
  type HostArray,
  mul,
  pow,
  referenceBackend,
  sliceAxis,
  square,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { type Objective, objective } from "./objective.ts";
import { type Squares, squares } from "./squares.ts";

export const f64 = (values: number | readonly number[] | Float64Array): HostArray =>
  array(values as number[], { dtype: "f64" });

const functions: Record<string, (x: Tensor) => Tensor> = {
  rosenbrock(x) {
    const [a, b] = [sliceAxis(x, 0, 0, -1), sliceAxis(x, 0, 1, null)];
    return sum(add(square(sub(1, a)), mul(square(sub(b, square(a))), 100)));
  },
  beale(p) {
    const [x, y] = [sliceAxis(p, 0, 0, 1), sliceAxis(p, 0, 1, 2)];
    const terms = [1.5, 2.25, 2.625].map((c, k) => square(add(sub(c, x), mul(x, pow(y, k + 1)))));
    return sum(terms.reduce(add));
  },
  quadratic: (x) => mul(sum(mul(f64([1, 4, 20, 100, 1000]), square(sub(x, 1)))), 0.5),
};

/** One of the functions by its name. */
export function named(
  name: string,
  start: HostArray,
  backend: Backend = referenceBackend(),
): Promise<Objective<{ x: HostArray }>> {
  return objective({ backend, parameters: { x: start }, value: ({ x }) => functions[name]!(x) });
}

/** Rosenbrock's function in two variables. */
export const rosenbrock = (): Promise<Objective<{ x: HostArray }>> => named("rosenbrock", f64([-1.2, 1]));

type Model = (b: readonly Tensor[], x: Tensor) => Tensor;

/** `b[0] + b[1] x + b[2] x^2 + ...` */
const polynomial = (b: readonly Tensor[], x: Tensor): Tensor => b.reduceRight((rest, c) => add(mul(rest, x), c));

const models: Record<string, Model> = {
  Misra1a: ([b1, b2], x) => mul(b1!, sub(1, exp(mul(mul(b2!, x), -1)))),
  MGH09: ([b1, b2, b3, b4], x) => div(mul(b1!, add(square(x), mul(x, b2!))), add(add(square(x), mul(x, b3!)), b4!)),
  Thurber: (b, x) => div(polynomial(b.slice(0, 4), x), add(mul(polynomial(b.slice(4), x), x), 1)),
};

/** A regression of NIST. */
export function regression(name: string, start: HostArray, x: HostArray, y: HostArray): Promise<Squares> {
  return squares({
    backend: referenceBackend(),
    parameters: { b: start },
    data: { x, y },
    residuals: ({ b }, data) => {
      const parts = Array.from({ length: start.data.length }, (_, i) => sliceAxis(b, 0, i, i + 1));
      return sub(models[name]!(parts, data.x), data.y);
    },
  });
}
