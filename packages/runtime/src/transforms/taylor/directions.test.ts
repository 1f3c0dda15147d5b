// The directions that mixed derivatives are made of: how many, and that their combinations are exact.
import { describe, expect, it } from "vitest";
import { planDirections } from "./directions.ts";
import { maySolve, solveExactly } from "./rational.ts";

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const total = (a: readonly number[]): number => a.reduce((x, y) => x + y, 0);
/** Every multi-index of a degree. */
const indices = (columns: number, degree: number): number[][] =>
  columns === 0
    ? degree === 0
      ? [[]]
      : []
    : Array.from({ length: degree + 1 }, (_, k) => k).flatMap((k) =>
        indices(columns - 1, degree - k).map((rest) => [k, ...rest]),
      );

/** What a plan makes of a request that it should make nothing of, or 1. */
function worstError(requests: readonly number[][][]): number {
  const { directions, terms } = planDirections(requests);
  const errors = requests.flatMap((request, r) => {
    const degree = total(request[0]!);
    return indices(request[0]!.length, degree).map((a) => {
      const ways = factorial(degree) / a.reduce((product, times) => product * factorial(times), 1);
      const sum = terms[r]!.reduce((sum, { direction, weight }) => {
        const { vector, order } = directions[direction]!;
        expect(order).toBeGreaterThanOrEqual(degree);
        return sum + weight * ways * a.reduce((product, times, i) => product * vector[i]! ** times, 1);
      }, 0);
      return Math.abs(sum - request.filter((each) => each.join() === a.join()).length);
    });
  });
  return Math.max(...errors);
}

const cases: [name: string, requests: number[][], passes: number][] = [
  [
    "what a heat equation needs",
    [
      [1, 0],
      [2, 0],
      [0, 1],
    ],
    2,
  ],
  ["a mixed second derivative", [[1, 1]], 2],
  [
    "all of second order",
    [
      [2, 0],
      [1, 1],
      [0, 2],
      [1, 0],
      [0, 1],
    ],
    3,
  ],
  [
    "the biharmonic operator",
    [
      [4, 0],
      [2, 2],
      [0, 4],
    ],
    4,
  ],
  [
    "the biharmonic operator with all of second order",
    [
      [4, 0],
      [2, 2],
      [0, 4],
      [2, 0],
      [1, 1],
      [0, 2],
      [0, 1],
    ],
    4,
  ],
  ["x x y: its real rank", [[2, 1]], 3],
  ["x x x y: its real rank", [[3, 1]], 4],
  ["x y z: its rank", [[1, 1, 1]], 4],
  [
    "three mixed ones share",
    [
      [1, 1, 0],
      [0, 1, 1],
      [1, 0, 1],
    ],
    4,
  ],
  [
    "the Laplace operator in space and time",
    [
      [2, 0, 0, 0],
      [0, 2, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 0, 1],
    ],
    4,
  ],
  ["all of fourth order in the plane: as many as there are", indices(2, 4), 5],
  ["all of fourth order in space", indices(3, 4), 15],
  ["a Hessian of ten coordinates", indices(10, 2), 55],
  ["nothing", [], 0],
];

describe("directions", () => {
  it.each(cases)("%s", (_, requests, passes) => {
    const alone = requests.map((request) => [request]);
    expect(planDirections(alone).directions.length).toBe(passes);
    if (requests.length > 0) expect(worstError(alone)).toBeLessThan(1e-13);
  });

  const plate = [
    [4, 0],
    [2, 2],
    [2, 2],
    [0, 4],
  ];
  const space = [4, 0, 0].flatMap((_, i) =>
    [0, 1, 2].map((j) => [0, 1, 2].map((k) => 2 * (Number(k === i) + Number(k === j)))),
  );
  it.each<[string, number[][][], number]>([
    ["the biharmonic of a plate", [plate], 3],
    [
      "with all of second order",
      [
        plate,
        [
          [2, 0],
          [0, 2],
        ],
        [[1, 1]],
        [[0, 1]],
      ],
      3,
    ],
    ["with a slope of another coordinate", [plate.map((a) => [...a, 0]), [[0, 0, 1]]], 4],
    ["with one of its parts", [plate, [[4, 0]]], 3],
    ["with what is odd along both", [plate, [[3, 1]]], 5],
    ["the biharmonic in space: four diagonals and three axes", [space], 7],
    [
      "the third power of the Laplace operator",
      [[[6, 0], ...[1, 2, 3].map(() => [4, 2]), ...[1, 2, 3].map(() => [2, 4]), [0, 6]]],
      4,
    ],
    [
      "the Laplace operator",
      [
        [
          [2, 0],
          [0, 2],
        ],
      ],
      2,
    ],
  ])("of sums: %s", (_, requests, passes) => {
    expect(planDirections(requests).directions.length).toBe(passes);
    expect(worstError(requests)).toBeLessThan(1e-13);
  });
});

describe("linear systems", () => {
  it("are solved in fractions", () => {
    const solution = solveExactly(
      [
        [3, 1],
        [1, 2],
        [4, 3],
      ],
      [
        [1, 0],
        [5, 5],
      ],
    );
    expect(solution).toEqual([
      [2 / 5, -1 / 5, 0],
      [1, 2, 0],
    ]);
  });
  it("or not at all", () => {
    expect(solveExactly([[1, 2]], [[1, 1]])).toBe(null);
    expect(maySolve([[1, 2]], [[1, 1]])).toBe(false);
    expect(
      maySolve(
        [
          [1, 2],
          [3, -7],
        ],
        [[1, 1]],
      ),
    ).toBe(true);
  });
});
