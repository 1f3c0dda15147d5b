// Gauss-Legendre points in cells that are drawn anew: quadratures for energies.
import { checkOptions, checks, foldHost, type HostArray } from "@hooke/runtime";
import { type Sampler, unitNumbers } from "./sampler.ts";

/** Options of {@link gauss}. */
export interface GaussOptions {
  /** Points of a cell along each coordinate: polynomials of degree `2 points - 1` are integrated exactly. At most 16. Default 4. */
  readonly points?: number;
}

/**
 * A quadrature: Gauss-Legendre points in cells, with their weights, for {@link energy}. The walls between cells are drawn by key, each within a quarter of a
 * cell of where equal cells have it, so that a network that learns to hide something between the points of one draw is found out by the next. Any number of
 * points will do: in two dimensions the n points are about sqrt(n) columns, each with cells of its own.
 *
 * @throws on an option it does not have
 * @example
 * ```ts
 * import { gauss, interval } from "@hooke/pinn";
 * import { randomKey } from "@hooke/runtime";
 *
 * const { rows, columns } = interval({ x: [0, 2] }).interior(12, { sampler: gauss() }).draw(randomKey(0));
 * const integral = rows.reduce((total, x, i) => total + columns.quadrature![i]! * x ** 3, 0);
 * console.log(integral.toFixed(12)); // 4.000000000000
 * ```
 */
export function gauss(options: GaussOptions = {}): Sampler {
  checkOptions<GaussOptions>("gauss", options, { optional: { points: checks.countUpTo(16) } });
  const { points = 4 } = options;
  return {
    name: "gauss",
    draw: (key, count, dimensions) => tensor(key, count, dimensions, points).unit,
    weights: (key, count, dimensions) => tensor(key, count, dimensions, points).weights,
  };
}

interface Quadrature {
  readonly unit: Float64Array;
  readonly weights: Float64Array;
}

/** `count` points of the unit cube: columns along the first coordinate, each a quadrature of the others. */
function tensor(key: HostArray, count: number, dimensions: number, points: number): Quadrature {
  if (dimensions === 0) return { unit: new Float64Array(0), weights: new Float64Array(count).fill(1 / count) };
  const columns = Math.round(count ** (1 / dimensions));
  const first = line(key, columns, points);
  if (dimensions === 1) return first;
  const [unit, weights] = [new Float64Array(count * dimensions), new Float64Array(count)];
  let at = 0;
  for (let i = 0; i < columns; i++) {
    const size = Math.floor(((i + 1) * count) / columns) - Math.floor((i * count) / columns);
    const rest = tensor(foldHost(key, i), size, dimensions - 1, points);
    for (let j = 0; j < size; j++, at++) {
      unit[at * dimensions] = first.unit[i]!;
      unit.set(rest.unit.subarray(j * (dimensions - 1), (j + 1) * (dimensions - 1)), at * dimensions + 1);
      weights[at] = first.weights[i]! * rest.weights[j]!;
    }
  }
  return { unit, weights };
}

/** `count` points of the unit interval, in cells of `points` or one fewer. */
function line(key: HostArray, count: number, points: number): Quadrature {
  const cells = Math.ceil(count / points);
  const shifts = unitNumbers(foldHost(key, "walls"), cells + 1);
  const wall = (i: number): number => (i === 0 || i === cells ? i : i + (shifts[i]! - 0.5) / 2) / cells;
  const [unit, weights] = [new Float64Array(count), new Float64Array(count)];
  let at = 0;
  for (let cell = 0; cell < cells; cell++) {
    const size = Math.floor(((cell + 1) * count) / cells) - Math.floor((cell * count) / cells);
    const [low, high] = [wall(cell), wall(cell + 1)];
    for (const [node, weight] of legendre(size)) {
      unit[at] = low + ((high - low) * (1 + node)) / 2;
      weights[at++] = ((high - low) * weight) / 2;
    }
  }
  return { unit, weights };
}

const rules = new Map<number, readonly (readonly [node: number, weight: number])[]>();

/** Nodes and weights on [-1, 1]: the roots of the Legendre polynomial by Newton's method (Press et al., Numerical Recipes, 4.6). */
function legendre(points: number): readonly (readonly [node: number, weight: number])[] {
  const known = rules.get(points);
  if (known !== undefined) return known;
  const rule = Array.from({ length: points }, (_, i) => {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let slope = 1;
    for (let step = 0; step < 10; step++) {
      let [before, value] = [0, 1];
      for (let n = 1; n <= points; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (points * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)] as const;
  });
  rules.set(points, rule);
  return rule;
}
