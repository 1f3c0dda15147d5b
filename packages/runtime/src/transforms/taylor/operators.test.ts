// The derivatives that are carried: how many, and that they make of products what Leibniz' rule says.
import { describe, expect, it } from "vitest";
import { alongDirection, type Operators, planOperators, type Term } from "./operators.ts";

/** Every multi-index of a degree. */
const indices = (columns: number, degree: number): number[][] =>
  columns === 0
    ? degree === 0
      ? [[]]
      : []
    : Array.from({ length: degree + 1 }, (_, k) => k).flatMap((k) =>
        indices(columns - 1, degree - k).map((rest) => [k, ...rest]),
      );

const laplacian = (columns: number): number[][] =>
  Array.from({ length: columns }, (_, i) => Array.from({ length: columns }, (_, k) => (k === i ? 2 : 0)));
/** The square of the Laplace operator. */
const biharmonic = (columns: number): number[][] =>
  laplacian(columns).flatMap((a) => laplacian(columns).map((b) => a.map((times, i) => times + b[i]!)));

const degreeOf = (request: number[][]): number => request[0]!.reduce((a, b) => a + b, 0);
const alone = (requests: number[][]): number[][][] => requests.map((request) => [request]);

const cases: [name: string, requests: number[][][], counts: number[]][] = [
  [
    "what a heat equation needs",
    alone([
      [1, 0],
      [2, 0],
      [0, 1],
    ]),
    [1, 2, 1],
  ],
  ["a mixed second derivative: both slopes and itself", alone([[1, 1]]), [1, 2, 1]],
  ["all of second order", alone(indices(2, 2)), [1, 2, 3]],
  ["a Laplace operator", [laplacian(5)], [1, 5, 1]],
  ["the biharmonic operator of a plate", [biharmonic(2)], [1, 2, 3, 2, 1]],
  ["in space", [biharmonic(3)], [1, 3, 6, 3, 1]],
  ["with one of its parts", [biharmonic(2), [[4, 0]]], [1, 2, 3, 3, 2]],
  ["with a slope in time", [biharmonic(2).map((a) => [...a, 0]), [[0, 0, 1]]], [1, 3, 3, 2, 1]],
  ["x x y z: every part of it", [[[2, 1, 1]]], [1, 3, 4, 3, 1]],
  ["a request that others add up to", [[[2, 0]], [[0, 2]], laplacian(2)], [1, 2, 2]],
  [
    "one direction that is no coordinate",
    [
      [
        [2, 0],
        [1, 1],
        [1, 1],
        [0, 2],
      ],
    ],
    [1, 1, 1],
  ],
  [
    "a sum with a double part",
    [
      [
        [3, 0],
        [3, 0],
        [1, 2],
      ],
    ],
    [1, 2, 2, 1],
  ],
  ["all of fourth order in space", alone(indices(3, 4)), [1, 3, 6, 10, 15]],
];

/** What a polynomial in the partial derivatives, given by monomials, makes of `exp(a x)`: its value at `a`. */
const valueAt = (request: number[][], a: readonly number[]): number =>
  request.reduce((sum, exponents) => sum + exponents.reduce((product, times, i) => product * a[i]! ** times, 1), 0);

/** The derivatives of `exp(a x)` of every order: the value, the slopes, and what slopes of slopes make up. */
function derivativesOf(
  operators: Operators,
  directions: readonly (readonly number[])[],
  a: readonly number[],
): number[][] {
  const found = [[1], directions.map((direction) => direction.reduce((sum, part, i) => sum + part * a[i]!, 0))];
  for (let k = 2; k <= operators.order; k++) {
    found.push(operators.slopes(k).map((terms) => sumOf(terms, found[1]!, found[k - 1]!)));
  }
  return found.slice(0, operators.order + 1);
}

const sumOf = (terms: readonly Term[], left: readonly number[], right: readonly number[]): number =>
  terms.reduce((sum, term) => sum + term.weight * left[term.left]! * right[term.right]!, 0);

describe.each(cases)("%s", (_, requests, counts) => {
  const { operators, directions, requests: combinations } = planOperators(requests);
  const columns = requests[0]?.[0]?.length ?? 0;
  const [a, b] = [[0.7, -1.1, 0.4, 1.3, -0.6].slice(0, columns), [-0.3, 0.9, 1.2, 0.2, 0.8].slice(0, columns)];
  const [ofA, ofB] = [a, b].map((rates) => derivativesOf(operators, directions, rates)) as [number[][], number[][]];

  it("carries no more than is needed", () => {
    expect(ofA.map(({ length }) => length)).toEqual(counts);
  });
  it("makes up what is asked for", () => {
    for (const [i, request] of requests.entries()) {
      const found = combinations[i]!.reduce(
        (sum, { place, weight }) => sum + weight * ofA[degreeOf(request)]![place]!,
        0,
      );
      expect(found).toBeCloseTo(valueAt(request, a), 13);
    }
  });
  it("makes of a product of exponentials the derivatives of an exponential", () => {
    const whole = derivativesOf(
      operators,
      directions,
      a.map((rate, i) => rate + b[i]!),
    );
    for (const [k, truths] of whole.entries()) {
      for (const [place, truth] of truths.entries()) {
        const parts = Array.from({ length: k + 1 }, (_, j) =>
          sumOf(operators.product(j, k - j)[place]!, ofA[j]!, ofB[k - j]!),
        );
        expect(parts.reduce((x, y) => x + y)).toBeCloseTo(truth, 12);
      }
    }
  });
});

it("nothing is needed for nothing", () => {
  const { operators, directions, requests } = planOperators([]);
  expect([operators.order, directions, requests]).toEqual([0, [], []]);
});

it("the biharmonic operator of a plate has weights in whole numbers", () => {
  const { operators } = planOperators([biharmonic(2)]);
  const weights = [1, 2, 3, 4].flatMap((k) =>
    Array.from({ length: k + 1 }, (_, j) =>
      operators
        .product(j, k - j)
        .flat()
        .map(({ weight }) => weight),
    ).flat(),
  );
  expect(weights.filter((weight) => !Number.isInteger(weight))).toEqual([]);
});

it("along a direction there is one of each order, with binomial weights", () => {
  const { order, product } = alongDirection(5);
  expect(order).toBe(5);
  expect([0, 1, 2, 3].map((j) => product(j, 3 - j))).toEqual(
    [1, 3, 3, 1].map((weight) => [[{ left: 0, right: 0, weight }]]),
  );
});
