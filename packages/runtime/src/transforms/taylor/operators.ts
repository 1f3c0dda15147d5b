// Which derivatives a function of several coordinates needs on its way to those that are asked for. A derivative is a polynomial in the partial
// derivatives, such as `D_x^2 + D_y^2`. By Leibniz' rule it makes of a product what the polynomial's own derivatives make of the factors: `D_x^2 (a b)`
// takes `D_x^2`, `D_x` and the value of both. All derivatives of a polynomial span the least that is closed under products (Macaulay's
// inverse system), and so under every rule of Taylor mode. Of the orders 0 to 4 the biharmonic operator in the plane has 1, 2, 3, 2 and 1; a Laplace
// operator has the value, the slopes and itself.

/** How often to differentiate along each coordinate. */
type Exponents = readonly number[];

/** A sum of partial derivatives of one order; one that occurs twice counts twice. */
type Request = readonly Exponents[];

/** A polynomial of one order: the factors, not 0, of its monomials, by their exponents. */
type Polynomial = ReadonlyMap<string, bigint>;

/** A derivative of the left factor times one of the right one, by their places in their orders. */
export interface Term {
  readonly left: number;
  readonly right: number;
  readonly weight: number;
}

/** The derivatives that are carried: some of each order. */
export interface Operators {
  /** The highest order. */
  readonly order: number;
  /** What each derivative of order `j + k` makes of a product, in those of order `j` of the left factor and `k` of the right one. */
  product(j: number, k: number): readonly (readonly Term[])[];
  /** Each derivative of order `k`, at least 2, as a sum of slopes of derivatives of order `k - 1`: few terms rather than many. */
  slopes(k: number): readonly (readonly Term[])[];
}

export interface Plan {
  readonly operators: Operators;
  /** Those of first order, as directions. */
  readonly directions: readonly (readonly number[])[];
  /** What each request is in the derivatives of its order. */
  readonly requests: readonly Combination[];
}

/** A sum of derivatives of one order: their places, and how much of each. */
type Combination = readonly { readonly place: number; readonly weight: number }[];

/** `n! / (k! (n - k)!)`. */
function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}

/** One derivative of each order: along a direction. */
export const alongDirection = (order: number): Operators => ({
  order,
  product: (j, k) => [[{ left: 0, right: 0, weight: choose(j + k, j) }]],
  slopes: () => [[{ left: 0, right: 0, weight: 1 }]],
});

/** The same, but for the highest order. */
export const withoutHighest = (operators: Operators): Operators => ({ ...operators, order: operators.order - 1 });

/**
 * The derivatives to carry for sums of partial derivatives.
 *
 * @param requests sums of multi-indices as exponents, one entry per coordinate, of one degree of at least 1 each
 */
export function planOperators(requests: readonly Request[]): Plan {
  const degrees = requests.map(([first]) => first!.reduce((a, b) => a + b, 0));
  const order = Math.max(0, ...degrees);
  const coordinates = requests[0]?.[0]?.length ?? 0;
  const asked = requests.map(polynomialOf);
  const bases: Basis[] = [];
  for (let degree = order; degree >= 0; degree--) {
    const above = bases[degree + 1]?.map(({ polynomial }) => polynomial) ?? [];
    const derivatives = above.flatMap((polynomial) =>
      Array.from({ length: coordinates }, (_, coordinate) => derivative(polynomial, coordinate)),
    );
    bases[degree] = basisOf([...asked.filter((_, i) => degrees[i] === degree), ...derivatives]);
  }
  const product = remembered((j, k) => productOf(bases[j]!, bases[k]!, bases[j + k]!));
  const slopes = remembered((k) => slopesOf(bases[1]!, bases[k - 1]!, bases[k]!, product(1, k - 1)));
  return {
    operators: { order, product, slopes },
    directions: (bases[1] ?? []).map(({ polynomial }) =>
      Array.from({ length: coordinates }, (_, i) => Number(polynomial.get(axis(coordinates, i)) ?? 0n)),
    ),
    requests: asked.map((polynomial, i) => combinationOf(polynomial, bases[degrees[i]!]!)!),
  };
}

/** A partial derivative of first order. */
const axis = (coordinates: number, i: number): string =>
  Array.from({ length: coordinates }, (_, k) => Number(k === i)).join();

function remembered<A extends readonly number[], R>(make: (...args: A) => R): (...args: A) => R {
  const known = new Map<string, R>();
  return (...args) => {
    const key = args.join();
    const found = known.get(key) ?? make(...args);
    known.set(key, found);
    return found;
  };
}

function polynomialOf(request: Request): Polynomial {
  const polynomial = new Map<string, bigint>();
  for (const exponents of request) polynomial.set(exponents.join(), (polynomial.get(exponents.join()) ?? 0n) + 1n);
  return polynomial;
}

const exponentsOf = (key: string): Exponents => key.split(",").map(Number);

/** Of a polynomial, by one of the partial derivatives as its variable. */
function derivative(polynomial: Polynomial, coordinate: number): Polynomial {
  const found = new Map<string, bigint>();
  for (const [key, factor] of polynomial) {
    const exponents = exponentsOf(key);
    const times = exponents[coordinate]!;
    if (times > 0) found.set(exponents.with(coordinate, times - 1).join(), factor * BigInt(times));
  }
  return found;
}

/** Polynomials with a monomial each that the others lack: its factor in a sum of them says how much of this one is in it. */
type Basis = readonly { readonly polynomial: Polynomial; readonly own: Exponents; readonly factor: number }[];

/** A basis of what polynomials span, by elimination in whole numbers. */
function basisOf(polynomials: readonly Polynomial[]): Basis {
  const mixed = (key: string): number => exponentsOf(key).filter((times) => times > 0).length;
  // Powers of a coordinate come before what is mixed, and earlier coordinates before later ones.
  const monomials = [...new Set(polynomials.flatMap((polynomial) => [...polynomial.keys()]))].sort((a, b) => {
    if (mixed(a) !== mixed(b)) return mixed(a) - mixed(b);
    const [left, right] = [exponentsOf(a), exponentsOf(b)];
    const at = left.findIndex((times, i) => times !== right[i]);
    return right[at]! - left[at]!;
  });
  let rest = polynomials.filter(({ size }) => size > 0);
  let found: { readonly polynomial: Polynomial; readonly key: string }[] = [];
  for (const key of monomials) {
    const pivot = rest.find((polynomial) => polynomial.has(key));
    if (pivot === undefined) continue;
    const without = (polynomial: Polynomial): Polynomial => eliminate(polynomial, key, pivot);
    rest = rest
      .filter((polynomial) => polynomial !== pivot)
      .map(without)
      .filter(({ size }) => size > 0);
    found = [...found.map((each) => ({ ...each, polynomial: without(each.polynomial) })), { polynomial: pivot, key }];
  }
  return found.map(({ polynomial, key }) => {
    const reduced = inLowestTerms(polynomial, key);
    return { polynomial: reduced, own: exponentsOf(key), factor: Number(reduced.get(key)!) };
  });
}

/** A multiple of the polynomial and one of the pivot, such that the monomial is gone. */
function eliminate(polynomial: Polynomial, key: string, pivot: Polynomial): Polynomial {
  const factor = polynomial.get(key);
  if (factor === undefined) return polynomial;
  const sum = new Map<string, bigint>();
  for (const monomial of new Set([...polynomial.keys(), ...pivot.keys()])) {
    const left = (polynomial.get(monomial) ?? 0n) * pivot.get(key)! - (pivot.get(monomial) ?? 0n) * factor;
    if (left !== 0n) sum.set(monomial, left);
  }
  return inLowestTerms(sum);
}

const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);
const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? magnitude(a) : divisor(b, a % b));

/** With factors that have no divisor in common, and one of them positive. */
function inLowestTerms(polynomial: Polynomial, positive?: string): Polynomial {
  const common = [...polynomial.values()].reduce(divisor, 0n);
  const signed = positive !== undefined && polynomial.get(positive)! < 0n ? -common : common;
  return new Map([...polynomial].map(([monomial, factor]) => [monomial, factor / signed]));
}

/** Leibniz' rule: of a monomial, every part falls to the left factor in as many ways as it can be chosen, and the rest to the right one. */
const productOf = (left: Basis, right: Basis, whole: Basis): readonly (readonly Term[])[] =>
  whole.map(({ polynomial }) =>
    left.flatMap((a, l) =>
      right.flatMap((b, r): readonly Term[] => {
        const sum = a.own.map((times, i) => times + b.own[i]!);
        const ways = sum.reduce((product, n, i) => product * choose(n, a.own[i]!), 1);
        const weight = (Number(polynomial.get(sum.join()) ?? 0n) * ways) / (a.factor * b.factor);
        return weight === 0 ? [] : [{ left: l, right: r, weight }];
      }),
    ),
  );

/** A polynomial in a basis; undefined if the basis does not span it. */
function combinationOf(polynomial: Polynomial, basis: Basis): Combination | undefined {
  const rest = basis.reduce((left, each) => eliminate(left, each.own.join(), each.polynomial), polynomial);
  if (rest.size > 0) return undefined;
  return basis.flatMap(({ own, factor }, place) => {
    const weight = Number(polynomial.get(own.join()) ?? 0n) / factor;
    return weight === 0 ? [] : [{ place, weight }];
  });
}

/** One slope where a derivative is the slope of something that is carried, otherwise those along all directions (Euler). */
function slopesOf(
  first: Basis,
  below: Basis,
  whole: Basis,
  all: readonly (readonly Term[])[],
): readonly (readonly Term[])[] {
  return whole.map(({ polynomial, own }, place) => {
    for (const [left, direction] of first.entries()) {
      const at = direction.own.indexOf(1);
      const monomials = [...polynomial].map(([key, factor]) => [exponentsOf(key), factor] as const);
      if (direction.polynomial.size > 1 || monomials.some(([exponents]) => exponents[at] === 0)) continue;
      const divided = monomials.map(
        ([exponents, factor]) => [exponents.with(at, exponents[at]! - 1).join(), factor] as const,
      );
      const found = combinationOf(new Map(divided), below);
      if (found !== undefined) return found.map(({ place: right, weight }) => ({ left, right, weight }));
    }
    const order = own.reduce((a, b) => a + b, 0);
    return all[place]!.map((term) => ({ ...term, weight: term.weight / order }));
  });
}
