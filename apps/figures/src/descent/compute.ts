// The way that an optimizer takes down a surface: one program, gradient and all its steps.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, type Optimizer, sgd } from "@hooke/core";
import { add, array, grad, mul, run, scan, square, sub, sum, type Tensor, type TensorTree } from "@hooke/runtime";

type Height = (x: Tensor, y: Tensor) => Tensor;

interface Surface {
  /** At any number of points; 0 at the least. */
  readonly height: Height;
  readonly start: readonly [x: number, y: number];
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

export const surfaces = {
  bowl: {
    height: (x, y) => mul(add(square(x), mul(square(y), 25)), 0.5),
    start: [-1.8, 0.9],
    x: [-2, 2],
    y: [-1, 1],
  },
  // Rosenbrock's.
  valley: {
    height: (x, y) => add(mul(square(sub(y, square(x))), 10), square(sub(1, x))),
    start: [-1.2, 1.6],
    x: [-2, 2],
    y: [-0.5, 2.5],
  },
  // Level at (0, 0), with a valley on each side at y = -1 and 1.
  saddle: {
    height: (x, y) => add(mul(square(x), 0.5), mul(square(sub(square(y), 1)), 0.25)),
    start: [1.8, 0.001],
    x: [-2, 2],
    y: [-1.5, 1.5],
  },
} satisfies Readonly<Record<string, Surface>>;

export const optimizers = {
  plain: () => sgd(),
  momentum: () => sgd({ momentum: 0.9 }),
  adam: () => adam(),
} satisfies Readonly<Record<string, () => Optimizer>>;

export interface Descent {
  readonly surface: keyof typeof surfaces;
  readonly optimizer: keyof typeof optimizers;
  /** The learning rate's decimal logarithm. */
  readonly logRate: number;
}

export interface Found {
  /** Where it was, from its start on. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** How high it stood there; not finite where it has left. */
  readonly height: readonly number[];
  /** The surface, a row for each of `mapY`. */
  readonly map: readonly number[];
  readonly mapX: readonly number[];
  readonly mapY: readonly number[];
}

const steps = 200;
const [columns, rows] = [121, 91];

const evenly = ([low, high]: readonly [number, number], count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

type Point = { readonly x: Tensor; readonly y: Tensor };
type State = { readonly point: Point; readonly slots: TensorTree };

export async function compute({ surface, optimizer, logRate }: Descent): Promise<Found> {
  const { height, start, x, y }: Surface = surfaces[surface];
  const method: Optimizer = optimizers[optimizer]();
  const slope = grad((point: Point) => sum(height(point.x, point.y)));
  const way = (point: Point, learningRate: Tensor, numbers: Tensor) => {
    const first: State = { point, slots: method.init(point) };
    const take = (at: State, step: Tensor): readonly [State, Point] => {
      const [next, slots] = method.update(slope(at.point), at.slots, at.point, { learningRate, step });
      return [{ point: next as Point, slots }, next as Point];
    };
    // Slots are any tree, which the types of a loop would follow without end.
    const [, passed] = scan<never, Tensor, Point>(take as never, first as never, numbers);
    return { ...passed, height: height(passed.x, passed.y) };
  };
  const f64 = (value: number | readonly number[]) => array(value as number[], { dtype: "f64" });
  const backend = wasmBackend();
  const begin = { x: f64(start[0]), y: f64(start[1]) };
  const counted = f64(Array.from({ length: steps }, (_, i) => i + 1));
  const passed = await run(backend, way, begin, f64(10 ** logRate), counted);
  const [mapX, mapY] = [evenly(x, columns), evenly(y, rows)];
  const column = array(
    mapY.map((at) => [at]),
    { dtype: "f64" },
  );
  const [map, first] = [await run(backend, height, f64(mapX), column), await run(backend, height, begin.x, begin.y)];
  return {
    x: [start[0], ...passed.x.data],
    y: [start[1], ...passed.y.data],
    height: [first.data[0]!, ...passed.height.data],
    map: Array.from(map.data),
    mapX,
    mapY,
  };
}
