// Mixed derivatives from derivatives along directions: `(v . D)^m` is the sum of `m! / a! v^a D^a` over all multi-indices `a` of degree m, so
// a mixed derivative is a combination of those along enough directions (polarisation; Griewank, Utke and Walther 2000). The
// fewer directions, the fewer passes; what they have in common is shared.

import type { Group } from "./evaluate.ts";
import { maySolve, solveExactly } from "./rational.ts";
import { choose } from "./series.ts";

/** How often to differentiate along each coordinate. */
type Exponents = readonly number[];

/** A sum of partial derivatives of one order; one that occurs twice counts twice. */
type Request = readonly Exponents[];

type Direction = readonly number[];

/** What whole vectors are multiplied by along each coordinate, squared: 3 for the angles of a triangle. */
type Squares = readonly number[];

/** Directions with the order to which each is followed, and what they make of each request. */
export interface Plan {
  readonly directions: readonly { readonly vector: Direction; readonly order: number }[];
  /** For each request: by which number to multiply the derivative along which direction. */
  readonly terms: readonly (readonly Term[])[];
  /** Directions whose highest derivatives occur in one request alone: only their sum is wanted. */
  readonly groups: readonly Group[];
}

interface Term {
  readonly direction: number;
  readonly weight: number;
}

const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const divisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : divisor(b, a % b));

/** How much a direction magnifies and mixes: simple ones come first. */
const complexity = (v: Direction): number =>
  1000 * Math.max(...v.map(Math.abs)) + 10 * total(v.map(Math.abs)) + v.filter((part) => part < 0).length;

/** How far a direction is from being an axis or a diagonal of all of the coordinates: sums take these. */
function extremity(v: Direction, coordinates: number): number {
  const parts = v.filter((part) => part !== 0).length;
  return 1000 * Math.max(...v.map(Math.abs)) + Math.min(parts - 1, coordinates - parts);
}

/** Whole vectors with parts up to the bounds, one of each pair that differ in length or sign alone. */
function vectorsWithin(bounds: readonly number[]): Direction[] {
  let vectors: number[][] = [[]];
  for (const bound of bounds) {
    vectors = vectors.flatMap((v) => Array.from({ length: 2 * bound + 1 }, (_, i) => [...v, i - bound]));
  }
  return vectors.filter((v) => v.find((part) => part !== 0)! > 0 && v.reduce(divisor, 0) === 1);
}

/** Directions that suffice for a request: every choice of signs in `(sum of +-x_i)^m` (Carlini, Kummer, Oneto and Ventura 2017). */
function polarisation(request: Exponents): Direction[] {
  let vectors: number[][] = [[]];
  for (const times of request) {
    vectors = vectors.flatMap((v) => Array.from({ length: times + 1 }, (_, i) => [...v, 2 * i - times]));
  }
  const reduced = vectors.map((v) => {
    const scale = v.reduce(divisor, 0) * Math.sign(v.find((part) => part !== 0) ?? 0);
    return v.map((part) => (part === 0 ? 0 : part / scale));
  });
  return reduced.filter((v) => v.some((part) => part !== 0));
}

/** The coefficients of a power of a direction, at the given multi-indices, but for roots: one of each square whose exponent is odd. */
const powerOf = (v: Direction, monomials: readonly Exponents[], squares: Squares): number[] =>
  monomials.map((a) => {
    let left = total(a);
    return a.reduce((product, times, i) => {
      const ways = choose(left, times);
      left -= times;
      return product * ways * v[i]! ** times * squares[i]! ** Math.floor(times / 2);
    }, 1);
  });

/** The roots that {@link powerOf} leaves out. */
const rootsOf = (a: Exponents, squares: Squares): number =>
  Math.sqrt(a.reduce((product, times, i) => product * (times % 2 === 1 ? squares[i]! : 1), 1));

/** All multi-indices of a degree over the coordinates that may be used. */
function monomialsOf(degree: number, allowed: readonly boolean[]): Exponents[] {
  if (allowed.length === 0) return degree === 0 ? [[]] : [];
  const most = allowed[0] ? degree : 0;
  return Array.from({ length: most + 1 }, (_, times) => times).flatMap((times) =>
    monomialsOf(degree - times, allowed.slice(1)).map((rest) => [times, ...rest]),
  );
}

const unique = (directions: readonly Direction[]): Direction[] => [
  ...new Map(directions.map((v) => [v.join(), v])).values(),
];

/** Every choice of `size` of the items, earlier ones first. */
function* choicesOf<T>(items: readonly T[], size: number): Generator<T[]> {
  if (size === 0) yield [];
  for (let i = 0; i + size <= items.length && size > 0; i++) {
    for (const rest of choicesOf(items.slice(i + 1), size - 1)) yield [items[i]!, ...rest];
  }
}

/** Vectors that are searched, and sets of them that are tried, at most: then what is known to suffice is taken. */
const mostVectors = 200;
const mostTrials = 1500;

/** Multi-indices of one degree as linear equations for the weights of directions. */
class Equations {
  private readonly squares: Squares;
  private readonly monomials: readonly Exponents[];
  /** Of each request a side for each root: in fractions they are apart. */
  private readonly parts: readonly { readonly request: number; readonly root: number; readonly side: number[] }[];

  constructor(requests: readonly Request[], coordinates: readonly boolean[], squares: Squares) {
    this.squares = squares;
    this.monomials = monomialsOf(total(requests[0]![0]!), coordinates);
    const roots = this.monomials.map((a) => rootsOf(a, squares));
    this.parts = requests.flatMap((sum, request) =>
      [...new Set(sum.map((a) => rootsOf(a, squares)))].map((root) => ({
        request,
        root,
        side: this.monomials.map((a, i) =>
          roots[i] === root ? sum.filter((each) => each.join() === a.join()).length : 0,
        ),
      })),
    );
  }

  private columns(directions: readonly Direction[]): number[][] {
    return directions.map((v) => powerOf(v, this.monomials, this.squares));
  }

  /** For each request the weights of the directions, of which the earlier ones are preferred; null if they do not suffice. */
  solve(directions: readonly Direction[]): readonly (readonly number[])[] | null {
    const sides = this.parts.map(({ side }) => side);
    const solutions = solveExactly(this.columns(directions), sides);
    if (solutions === null) return null;
    const weights: number[][] = [];
    for (const [i, { request, root }] of this.parts.entries()) {
      weights[request] ??= directions.map(() => 0);
      for (const [k, weight] of solutions[i]!.entries()) weights[request]![k]! += weight / root;
    }
    return weights;
  }

  suffice(directions: readonly Direction[]): boolean {
    const sides = this.parts.map(({ side }) => side);
    return maySolve(this.columns(directions), sides) && this.solve(directions) !== null;
  }
}

/** Coordinates that a request or a direction involves. */
const involved = (requests: readonly Request[], directions: readonly Direction[]): readonly boolean[] =>
  requests[0]![0]!.map((_, i) => [...requests.flat(), ...directions].some((list) => list[i] !== 0));

/** Directions that the requests of one degree need beside the given ones: as few as a short search finds. */
function addedDirections(
  requests: readonly Request[],
  given: readonly Direction[],
  squares: Squares,
): readonly Direction[] {
  const coordinates = involved(requests, given);
  const equations = new Equations(requests, coordinates, squares);
  const isNew = (v: Direction): boolean => !given.some((known) => known.join() === v.join());
  const mixed = requests.flat().filter((a) => a.filter((times) => times > 0).length > 1);
  const bounds = coordinates.map((_, i) => Math.max(...mixed.map((a) => a[i]!), 0));
  const searchable = bounds.reduce((product, bound) => product * (2 * bound + 1), 1) <= 2 * mostVectors;
  const axes = coordinates.flatMap((flag, i) => (flag ? [coordinates.map((_, k) => Number(k === i))] : []));
  const signs = unique(requests.flat().flatMap(polarisation)).filter(isNew);
  const pool = unique([...axes, ...signs, ...(searchable ? vectorsWithin(bounds) : [])])
    .filter(isNew)
    .sort((a, b) => complexity(a) - complexity(b));

  /** Those of the pool that the first solution takes. */
  const needed = (sorted: readonly Direction[]): readonly Direction[] => {
    const solutions = equations.solve([...given, ...sorted])!;
    return sorted.filter((_, i) => solutions.some((weights) => weights[given.length + i] !== 0));
  };
  const moved = coordinates.filter(Boolean).length;
  const extremes = pool.toSorted((a, b) => extremity(a, moved) - extremity(b, moved));
  const [enough] = [needed(pool), signs, needed(extremes)].sort((a, b) => a.length - b.length) as [
    readonly Direction[],
  ];
  if (!searchable) return enough;
  let trials = 0;
  for (let size = Math.max(1, requests.length - given.length); size < enough.length; size++) {
    for (const choice of choicesOf(pool, size)) {
      if (++trials > mostTrials) return enough;
      if (equations.suffice([...given, ...choice])) return choice;
    }
  }
  return enough;
}

/**
 * Directions for mixed derivatives and sums of derivatives, and how to combine the derivatives along them. Higher degrees choose first: what they follow
 * has the lower derivatives already.
 *
 * @param requests sums of multi-indices as exponents, one entry per coordinate, of one degree of at least 1 each
 */
export function planDirections(requests: readonly Request[]): Plan {
  const sorted = requests.map((sum) => sum.toSorted((a, b) => (a.join() < b.join() ? -1 : 1)));
  const plain = planOf(
    sorted,
    (requests[0]?.[0] ?? []).map(() => 1),
  );
  // A power of the Laplace operator in the plane is one of equal angles (Reznick 1992): three for the biharmonic.
  const sum = sorted.find(([first, ...others]) => total(first!) >= 4 && others.some((a) => a.join() !== first!.join()));
  if (sum === undefined) return plain;
  const last = involved([sum], []).lastIndexOf(true);
  const angles = planOf(
    sorted,
    sum[0]!.map((_, i) => (i === last ? 3 : 1)),
  );
  return costOf(angles) < costOf(plain) ? angles : plain;
}

const costOf = ({ directions }: Plan): number => total(directions.map(({ order }) => order));

function planOf(requests: readonly Request[], squares: Squares): Plan {
  const directions: { vector: Direction; order: number }[] = [];
  const ofDegree = new Map<number, Map<string, Request>>();
  for (const request of requests) {
    const degree = total(request[0]!);
    ofDegree.set(degree, (ofDegree.get(degree) ?? new Map()).set(request.join(), request));
  }
  const degrees = [...ofDegree].map(([degree, some]) => [degree, [...some.values()]] as const);
  degrees.sort(([a], [b]) => b - a);
  for (const [order, some] of degrees) {
    const given = directions.map(({ vector }) => vector);
    for (const vector of addedDirections(some, given, squares)) directions.push({ vector, order });
  }
  const terms = new Map<string, readonly Term[]>();
  const groups: Group[] = [];
  // Directions of a group are made as long as it takes for all to have one weight.
  const lengths = directions.map(() => 1);
  for (const [degree, some] of degrees) {
    const high = directions
      .map(({ vector, order }, direction) => ({ vector, order, direction }))
      .filter(({ order }) => order >= degree)
      .sort((a, b) => complexity(a.vector) - complexity(b.vector));
    const vectors = high.map(({ vector }) => vector);
    const solutions = new Equations(some, involved(some, vectors), squares).solve(vectors)!;
    const found = solutions.map((weights) =>
      high.flatMap(({ direction }, i) => (weights[i] === 0 ? [] : [{ direction, weight: weights[i]! }])),
    );
    const ends = ({ direction }: Term): boolean => degree > 1 && directions[direction]!.order === degree;
    for (const group of groupsOf(found.map((all) => all.filter(ends)))) {
      groups.push(group.map(({ direction }) => direction));
      for (const { direction, weight } of group) lengths[direction] = (weight / group[0]!.weight) ** (1 / degree);
    }
    for (const [k, request] of some.entries()) {
      terms.set(
        request.join(),
        found[k]!.map(({ direction, weight }) => ({ direction, weight: weight / lengths[direction]! ** degree })),
      );
    }
  }
  return {
    directions: directions.map(({ vector, order }, direction) => ({
      vector: vector.map((part, i) => part * Math.sqrt(squares[i]!) * lengths[direction]!),
      order,
    })),
    terms: requests.map((request) => terms.get(request.join())!),
    groups,
  };
}

/** Terms of one request alone whose weights have one sign. */
function groupsOf(requests: readonly (readonly Term[])[]): readonly (readonly Term[])[] {
  return requests.flatMap((terms) => {
    const others = requests.filter((other) => other !== terms).flat();
    const alone = terms.filter(({ direction }) => !others.some((other) => other.direction === direction));
    return [1, -1]
      .map((sign) => alone.filter(({ weight }) => Math.sign(weight) === sign))
      .filter(({ length }) => length > 1);
  });
}
