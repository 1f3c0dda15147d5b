// Third derivatives of everything that has some, in f32: what equations of third order and learned energies run.
import {
  add,
  array,
  asTensor,
  grad,
  type HostArray,
  interpret,
  jvp,
  mul,
  optimize,
  type Program,
  record,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { Tolerance } from "../compare.ts";
import { derivativeCases } from "../derivatives/index.ts";

type Scalar = (x: readonly Tensor[]) => Tensor;

const inner = (a: readonly Tensor[], b: readonly HostArray[]): Tensor =>
  a.map((x, i) => sum(mul(x, b[i]!))).reduce((x, y) => add(x, y));

/** The gradient of the derivatives before the last of `order`, along random directions: by reverse mode, then by forward mode, in reverse mode. */
function lastDerivative(fn: (...x: Tensor[]) => Tensor, inputs: readonly HostArray[], order: number): Scalar {
  const { dtype } = inputs[0]!;
  const along = (seed: number): HostArray[] =>
    inputs.map(({ shape }, i) => sample(shape, dtype, { low: -1, high: 1, seed: 100 * seed + i }));
  const weighted: Scalar = (x) => {
    const y = fn(...x);
    return sum(mul(y, sample(y.shape, dtype, { low: 0.5, high: 1.5, seed: 77 })));
  };
  const second: Scalar = (x) => inner(grad(weighted)(x), along(2));
  const third: Scalar = (x) => jvp(second, [x], [along(3).map(asTensor)])[1];
  return { 1: weighted, 2: second, 3: third }[order]!;
}

const rounded = ({ shape, data }: HostArray): HostArray => array(Float32Array.from(data as Float64Array), { shape });
const widened = ({ shape, data }: HostArray): HostArray => array(Float64Array.from(data), { shape });

/** A program in f32 whose results are known: the reference has them in f64. */
export interface ThirdDerivative {
  readonly name: string;
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  /** In f32. */
  readonly expected: () => HostArray[];
}

/** Of a hundred operations, some of which cancel. */
export const thirdDerivativeTolerance: Tolerance = { relative: 2e-4, magnitude: "largest or 1" };

/** Of every function whose derivatives are compared with differences, the highest that these are: the third but for products. Recorded when asked for. */
export function thirdDerivatives(): readonly ThirdDerivative[] {
  return Object.entries(derivativeCases).flatMap(([table, cases]) =>
    Object.entries(cases).map(([name, [fn, exact, order = 3]]): ThirdDerivative => {
      const inputs = exact.map(rounded);
      const programOf = (given: readonly HostArray[]): Program =>
        optimize(record((...x: Tensor[]) => grad(lastDerivative(fn, given, order))(x), ...(given as never[])).program);
      return {
        name: `${table}: ${name}`,
        get program() {
          return programOf(inputs);
        },
        inputs,
        expected: () => {
          const wide = inputs.map(widened);
          return interpret(programOf(wide), wide).map(rounded);
        },
      };
    }),
  );
}
