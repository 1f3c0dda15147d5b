// Taylor mode beside nested forward mode, for every primitive to fourth order, and beside closed forms to eighth.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  acosh,
  add,
  array,
  asin,
  asTensor,
  atan,
  atan2,
  type Backend,
  bind,
  concat,
  cos,
  cosh,
  div,
  erf,
  exp,
  expm1,
  fullLike,
  grad,
  type HostArray,
  interpret,
  isFloat,
  jvp,
  log,
  log1p,
  logSumExp,
  matmul,
  mul,
  norm,
  optimize,
  type Program,
  pow,
  prod,
  type RowDerivative,
  record,
  referenceBackend,
  reshape,
  rowDerivatives,
  rsqrt,
  run,
  scan,
  select,
  sigmoid,
  sin,
  sinh,
  sizeOf,
  sliceAxis,
  softmax,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tan,
  tanh,
  taylor,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { PrimitiveCase } from "../cases/case.ts";
import { primitiveCases } from "../cases/index.ts";
import { sample } from "../cases/samples.ts";
import { checkDerivatives } from "../finite-differences.ts";
import { derivativeCases } from "./index.ts";

type Curve = (t: Tensor) => readonly Tensor[];

const zero = array(0, { dtype: "f64" });
const program = (fn: Curve): Program => optimize(record((t: Tensor) => fn(t), zero).program);
const series =
  (fn: Curve, order: number): Curve =>
  (t) =>
    (taylor(fn, [t], [fullLike(t, 1)], order) as Tensor[][]).flat();
/** What {@link series} gives, by forward mode of forward mode. */
const nested = (fn: Curve, order: number): Curve =>
  order === 0
    ? fn
    : (t) => {
        const [lower, rates] = jvp(nested(fn, order - 1), [t], [fullLike(t, 1)]);
        return [...lower, ...rates.slice(-lower.length / order)];
      };

/** What a primitive makes of operands that move along parabolas: no derivative of theirs beyond the second is left out by chance. */
const alongCurves =
  ({ primitive, params, inputs }: PrimitiveCase): Curve =>
  (t) =>
    bind(
      primitive,
      inputs.map((x, i) => {
        if (!isFloat(x.dtype)) return asTensor(x);
        const velocity = sample(x.shape, x.dtype, { seed: 50 + i, low: 0.3, high: 1.1 });
        const acceleration = sample(x.shape, x.dtype, { seed: 60 + i, low: -0.7, high: 0.7 });
        return add(add(x, mul(t, velocity)), mul(mul(t, t), acceleration));
      }),
      params,
    );

/** Some cases of each primitive: those with special values and ties, and the first ones that are small. */
function some(cases: readonly PrimitiveCase[]): readonly PrimitiveCase[] {
  const whole = cases.filter(({ inputs }) => inputs.every(({ dtype }) => dtype !== "f32"));
  const special = whole.filter(({ note }) => /special|ties/.test(note));
  const small = whole.filter(
    (entry) => !special.includes(entry) && entry.inputs.every(({ shape }) => sizeOf(shape) <= 60),
  );
  const floats = small.filter(({ inputs }) => inputs.some(({ dtype }) => dtype === "f64"));
  return [...special, ...floats.slice(0, 12), ...small.filter((entry) => !floats.includes(entry)).slice(0, 2)];
}

/**
 * Where both are finite they are equal to rounding; infinities are the same, and may begin a few factors earlier; what nested derivatives
 * lose as NaN is not finite.
 */
function differences(found: HostArray, expected: HostArray, scale: number): string[] {
  return Array.from(expected.data).flatMap((truth, i) => {
    const value = found.data[i]!;
    const overflow = Math.abs(truth) > 2 ** 1016 && value === Math.sign(truth) * Infinity;
    const same = overflow || value === truth || Math.abs(value - truth) <= 1e-11 * Math.max(Math.abs(truth), scale);
    return same || (Number.isNaN(truth) && !Number.isFinite(value)) ? [] : [`element ${i} is ${value}, not ${truth}`];
  });
}

describe("as nested jvp, to fourth order", () => {
  it.each([...primitiveCases()].map(([primitive, cases]) => [primitive, some(cases)] as const))("%s", (_, cases) => {
    expect(cases.length).toBeGreaterThan(0);
    for (const entry of cases) {
      const fn = alongCurves(entry);
      const found = interpret(program(series(fn, 4)), [zero]);
      const all = interpret(program(nested(fn, 4)), [zero]);
      const count = all.length / 5;
      for (let order = 0; order <= 4; order++) {
        for (const [i, truth] of all.slice(order * count, (order + 1) * count).entries()) {
          const one = found[order * count + i]!;
          // At special values, sizes differ by hundreds of orders: errors are relative to each element.
          const largest = /special/.test(entry.note)
            ? 0
            : Math.max(...Array.from(truth.data, Math.abs).filter(Number.isFinite), 0);
          expect({ note: entry.note, order, i, wrong: differences(one, truth, largest) }).toEqual({
            ...{ note: entry.note, order, i },
            wrong: [],
          });
        }
      }
    }
  });
});

describe.each(Object.entries(derivativeCases))("as nested jvp, to fourth order: %s", (_, cases) => {
  it.each(Object.entries(cases))("%s", (__, [fn, inputs]) => {
    const moving: Curve = (t) => [
      fn(...inputs.map((x, i) => add(x, mul(t, sample(x.shape, "f64", { seed: 70 + i, low: -1, high: 1 }))))),
    ];
    const found = interpret(program(series(moving, 4)), [zero]);
    const truths = interpret(program(nested(moving, 4)), [zero]);
    expect(found).toHaveLength(truths.length);
    for (const [order, value] of found.entries()) {
      const truth = truths[order]!;
      const largest = Math.max(...Array.from(truth.data, Math.abs), 1e-3);
      expect({ order, wrong: differences(value, truth, largest) }).toEqual({ order, wrong: [] });
    }
  });
});

/** Of a point in the plane: what a primitive makes of operands that bend along both coordinates. */
const alongSurfaces =
  ({ primitive, params, inputs }: PrimitiveCase) =>
  (point: Tensor): readonly Tensor[] => {
    const [s, t] = [0, 1].map((k) => reshape(sliceAxis(point, 1, k, k + 1), [])) as [Tensor, Tensor];
    const bends = [s, t, mul(s, t), mul(t, t)];
    const moved = inputs.map((x, i) => {
      if (!isFloat(x.dtype)) return asTensor(x);
      const parts = bends.map((bend, k) =>
        mul(bend, sample(x.shape, x.dtype, { seed: 80 + 10 * i + k, low: -0.7, high: 0.7 })),
      );
      return parts.reduce(add, asTensor(x));
    });
    const outputs = bind(primitive, moved, params).filter(({ dtype }) => dtype === "f64");
    return outputs.map((output) => reshape(output, [1, ...output.shape]));
  };

/** Derivatives in the plane with what they are in derivatives along directions: `[weight, direction]`, by polarisation. */
const inThePlane: readonly (readonly [
  request: RowDerivative,
  parts: readonly (readonly [number, number, number])[],
])[] = [
  [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 1, 0],
      [1, 0, 1],
    ],
  ],
  [
    [0, 1],
    [
      [1 / 4, 1, 1],
      [-1 / 4, 1, -1],
    ],
  ],
  [
    [0, 1, 1],
    [
      [1 / 6, 1, 1],
      [1 / 6, 1, -1],
      [-1 / 3, 1, 0],
    ],
  ],
  [
    [0, 0, 1, 1],
    [
      [1 / 12, 1, 1],
      [1 / 12, 1, -1],
      [-1 / 6, 1, 0],
      [-1 / 6, 0, 1],
    ],
  ],
  [
    [
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [0, 0, 1, 1],
      [1, 1, 1, 1],
    ],
    [
      [1 / 6, 1, 1],
      [1 / 6, 1, -1],
      [2 / 3, 1, 0],
      [2 / 3, 0, 1],
    ],
  ],
];

describe("derivatives in the plane are combinations of those along directions", () => {
  const origin = array([[0, 0]], { dtype: "f64" });
  const evaluated = (fn: (point: Tensor) => readonly Tensor[]): HostArray[] =>
    interpret(optimize(record((point: Tensor) => fn(point), origin).program), [origin]);
  const orderOf = ([first, ...others]: RowDerivative): number =>
    Array.isArray(first) ? first.length : 1 + others.length;
  it.each([...primitiveCases()].map(([primitive, cases]) => [primitive, some(cases)] as const))("%s", (_, cases) => {
    for (const entry of cases.filter(({ note }) => !/special/.test(note)).slice(0, 2)) {
      const fn = alongSurfaces(entry);
      const along = new Map<string, HostArray[][]>();
      for (const [, parts] of inThePlane) {
        for (const [, s, t] of parts) {
          if (along.has(`${s} ${t}`)) continue;
          const direction = array([[s, t]], { dtype: "f64" });
          const all = evaluated((point) =>
            (taylor(fn as never, [point], [asTensor(direction)], 4) as Tensor[][]).flat(),
          );
          along.set(
            `${s} ${t}`,
            [0, 1, 2, 3, 4].map((k) => all.slice((k * all.length) / 5, ((k + 1) * all.length) / 5)),
          );
        }
      }
      const requests = inThePlane.map(([request]) => request);
      const apart = requests.map((request) => evaluated((point) => rowDerivatives(fn, point, [request])[0]));
      const together = evaluated((point) => rowDerivatives(fn, point, requests).flat());
      for (const [r, [request, parts]] of inThePlane.entries()) {
        for (const [i, alone] of apart[r]!.entries()) {
          const terms = parts.map(
            ([weight, s, t]) => [weight, along.get(`${s} ${t}`)![orderOf(request)]![i]!] as const,
          );
          const data = alone.data.map((_, j) => terms.reduce((sum, [weight, one]) => sum + weight * one.data[j]!, 0));
          const largest = Math.max(
            ...terms.flatMap(([, one]) => Array.from(one.data, Math.abs)).filter(Number.isFinite),
            1,
          );
          for (const found of [alone, together[r * apart[r]!.length + i]!]) {
            const wrong = differences(found, { ...alone, data } as HostArray, largest);
            expect({ note: entry.note, r, i, wrong }).toEqual({ note: entry.note, r, i, wrong: [] });
          }
        }
      }
    }
  });
});

/** Functions whose derivatives are stated, or that are made of several. */
const functions: Record<string, (t: Tensor) => Tensor> = {
  sinh: (t) => sinh(add(t, 0.4)),
  cosh: (t) => cosh(square(add(t, 0.4))),
  asin: (t) => asin(mul(sin(add(t, 0.4)), 0.7)),
  acosh: (t) => acosh(add(exp(t), 0.5)),
  "atan2, both moving": (t) => atan2(sin(add(t, 0.2)), exp(t)),
  "atan2, one moving": (t) => atan2(square(add(t, 1)), fullLike(t, 2)),
  "a third power at 0": (t) => pow(sin(t), 3),
  "a negative power": (t) => pow(add(t, 2), -4),
  "a power that moves, at 0": (t) => pow(square(t), add(exp(t), 3)),
  "a fractional power at 0": (t) => pow(mul(t, 2), 4.5),
  norm: (t) => norm(concat([reshape(exp(t), [1]), reshape(sin(t), [1])], 0)),
  "norm at 0": (t) => mul(norm(reshape(mul(t, 0), [1])), 2),
  logSumExp: (t) => logSumExp(mul(asTensor(array([1, 2, -1], { dtype: "f64" })), exp(t))),
  softmax: (t) =>
    sum(mul(softmax(mul(asTensor(array([1, 2, -1], { dtype: "f64" })), t)), array([1, 5, 2], { dtype: "f64" }))),
  "prod with zeros": (t) => prod(concat([reshape(t, [1]), reshape(sin(t), [1]), reshape(exp(t), [1])], 0)),
  stopGradient: (t) => mul(stopGradient(exp(t)), sin(t)),
};

/** Nested derivatives of a function of two grow by a factor with each order: the sixth takes 5 s. */
const orderOf = (name: string): number => (name === "atan2, both moving" && process.env.HOOKE_TESTS !== "full" ? 5 : 6);

it.each(Object.entries(functions))("%s, as nested jvp to fifth or sixth order", (name, fn) => {
  const order = orderOf(name);
  const found = interpret(program(series((t) => [fn(t)], order)), [zero]);
  const truths = interpret(program(nested((t) => [fn(t)], order)), [zero]);
  expect(found).toHaveLength(truths.length);
  for (const [order, value] of found.entries()) {
    expect({ order, wrong: differences(value, truths[order]!, 1) }).toEqual({ order, wrong: [] });
  }
});

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
/** Hermite's polynomial of physicists. */
const hermite = (n: number, x: number): number =>
  n === 0 ? 1 : n === 1 ? 2 * x : 2 * x * hermite(n - 1, x) - 2 * (n - 1) * hermite(n - 2, x);
const falling = (power: number, k: number): number => (k === 0 ? 1 : (power - k + 1) * falling(power, k - 1));
/** The derivatives of a polynomial of `y`, from that of a function with `y' = slope(y)`; coefficients rise. */
function autonomous(slope: readonly number[], y: number, k: number): number {
  let polynomial: readonly number[] = [0, 1];
  for (let i = 0; i < k; i++) {
    const next = new Array<number>(polynomial.length + slope.length).fill(0);
    for (const [n, a] of polynomial.entries()) {
      if (n > 0) for (const [m, b] of slope.entries()) next[n - 1 + m]! += n * a * b;
    }
    polynomial = next;
  }
  return polynomial.reduce((total, a, n) => total + a * y ** n, 0);
}
const quarter = (x: number, k: number): number => Math.sin(x + (k * Math.PI) / 2);

/** Functions with the `k`-th derivative at a point. */
const closed: Record<string, [fn: (x: Tensor) => Tensor, x: number, derivative: (x: number, k: number) => number]> = {
  "exp(-2x)": [(x) => exp(mul(x, -2)), 0.7, (x, k) => (-2) ** k * Math.exp(-2 * x)],
  expm1: [expm1, -30, (x, k) => (k === 0 ? Math.expm1(x) : Math.exp(x))],
  log: [log, 1.3, (x, k) => (k === 0 ? Math.log(x) : ((-1) ** (k - 1) * factorial(k - 1)) / x ** k)],
  log1p: [log1p, 0.3, (x, k) => (k === 0 ? Math.log1p(x) : ((-1) ** (k - 1) * factorial(k - 1)) / (1 + x) ** k)],
  sin: [sin, 0.7, quarter],
  cos: [cos, 0.7, (x, k) => quarter(x, k + 1)],
  "sin(3x + 1)": [(x) => sin(add(mul(x, 3), 1)), 0.2, (x, k) => 3 ** k * quarter(3 * x + 1, k)],
  // (exp(i x^2))^(k) at 0: only even orders, i^m (2m)! / m!; the sine is the imaginary part.
  "sin(x^2) at 0": [
    (x) => sin(square(x)),
    0,
    (_, k) => (k % 4 === 2 ? ((-1) ** ((k / 2 - 1) / 2) * factorial(k)) / factorial(k / 2) : 0),
  ],
  "exp(-x^2)": [(x) => exp(mul(square(x), -1)), 0.6, (x, k) => (-1) ** k * hermite(k, x) * Math.exp(-x * x)],
  tan: [tan, 0.4, (x, k) => autonomous([1, 0, 1], Math.tan(x), k)],
  tanh: [tanh, 0.4, (x, k) => autonomous([1, 0, -1], Math.tanh(x), k)],
  sigmoid: [sigmoid, -0.8, (x, k) => autonomous([0, 1, -1], 1 / (1 + Math.exp(-x)), k)],
  erf: [
    erf,
    0.5,
    (x, k) =>
      k === 0 ? 0.5204998778130465 : (-1) ** (k - 1) * hermite(k - 1, x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
  ],
  sqrt: [sqrt, 1.7, (x, k) => falling(0.5, k) * x ** (0.5 - k)],
  rsqrt: [rsqrt, 1.7, (x, k) => falling(-0.5, k) * x ** (-0.5 - k)],
  "1 / x": [(x) => div(1, x), -1.4, (x, k) => ((-1) ** k * factorial(k)) / x ** (k + 1)],
  "x^2.5": [(x) => pow(x, 2.5), 1.2, (x, k) => falling(2.5, k) * x ** (2.5 - k)],
  "x^7": [(x) => pow(x, 7), -1.1, (x, k) => falling(7, k) * (k > 7 ? 0 : x ** (7 - k))],
  "2^x": [(x) => pow(fullLike(x, 2), x), 0.4, (x, k) => Math.log(2) ** k * 2 ** x],
  sinh: [sinh, 0.6, (x, k) => (k % 2 === 0 ? Math.sinh(x) : Math.cosh(x))],
  // The real part of 1 / (x + i), differentiated: (-1)^(k-1) (k-1)! sin(k theta) / (1 + x^2)^(k/2), theta = acot(x).
  atan: [
    atan,
    0.5,
    (x, k) =>
      k === 0
        ? Math.atan(x)
        : ((-1) ** (k - 1) * factorial(k - 1) * Math.sin(k * Math.atan2(1, x))) / (1 + x * x) ** (k / 2),
  ],
};

const backends: Record<string, () => Backend> = { "the reference": referenceBackend, wasm: wasmBackend };

describe.each(Object.entries(backends))("closed forms to eighth order, on %s", (_, create) => {
  it.each(Object.entries(closed))("%s", async (__, [fn, x, derivative]) => {
    const found = await run(create(), (z: Tensor) => taylor(fn, [z], [fullLike(z, 1)], 8), array(x, { dtype: "f64" }));
    for (const [k, { data }] of found.entries()) {
      const truth = derivative(x, k);
      expect(Math.abs(data[0]! - truth), `order ${k}: ${data[0]} for ${truth}`).toBeLessThanOrEqual(
        1e-12 * Math.max(1, factorial(k) / 50, Math.abs(truth)),
      );
    }
  });
});

const a = (shape: readonly number[], seed = 1): HostArray => sample(shape, "f64", { seed, low: -0.8, high: 0.8 });
const ones = (x: Tensor): Tensor => fullLike(x, 1);

describe("composed with other transforms", () => {
  it("the gradient of a fourth derivative agrees with differences", () => {
    checkDerivatives(
      (w, b, x) => taylor((z: Tensor) => tanh(add(mul(sin(mul(z, w)), z), b)), [x], [ones(x)], 4)[4],
      [a([3]), a([3], 2), a([3], 3)],
      { order: 2 },
    );
  });

  it("the gradient in an exponent, at 0, 1 and 2, where powers are flat", () => {
    checkDerivatives(
      (b) => taylor((x: Tensor) => pow(x, b), [fullLike(b, 1.3)], [ones(b)], 3)[3],
      [array([0, 1, 2, 2.5], { dtype: "f64" })],
      { order: 2 },
    );
  });

  it("of gradients: derivatives of a force along a motion", () => {
    const energy = (x: Tensor): Tensor => sum(mul(sin(x), exp(mul(x, x))));
    const force = (x: Tensor): Tensor => grad(energy)(x);
    const both = (x: Tensor): Tensor[] => [
      taylor(force, [x], [ones(x)], 2)[2],
      jvp((y: Tensor) => jvp(force, [y], [ones(y)])[1], [x], [ones(x)])[1],
    ];
    const [found, expected] = interpret(record((x: Tensor) => both(x), a([4])).program, [a([4])]);
    for (const [i, truth] of expected!.data.entries()) expect(found!.data[i]).toBeCloseTo(truth, 11);
  });

  it("of itself: one direction after the other", () => {
    const fn = (x: Tensor, y: Tensor): Tensor => sin(mul(x, exp(y)));
    const mixed = (x: Tensor, y: Tensor): Tensor =>
      taylor((z: Tensor) => taylor((v: Tensor) => fn(v, z), [x], [ones(x)], 2)[2], [y], [ones(y)], 1)[1];
    const [found] = interpret(record((x: Tensor, y: Tensor) => mixed(x, y), zero, zero).program, [
      array(0.3, { dtype: "f64" }),
      array(0.2, { dtype: "f64" }),
    ]);
    const e = Math.exp(0.2);
    // d/dy of -e^2y sin(x e^y)
    expect(found!.data[0]).toBeCloseTo(-2 * e * e * Math.sin(0.3 * e) - 0.3 * e ** 3 * Math.cos(0.3 * e), 13);
  });

  it.each([false, true])("through a loop, whose gradient agrees with differences; recomputed: %s", (recompute) => {
    const loop = (w: Tensor, x: Tensor): Tensor => {
      const [last, states] = scan(
        ([h, count]: readonly Tensor[], z: Tensor) => {
          const next = tanh(add(mul(h!, w), mul(z, z)));
          return [[next, add(count!, 1)], select(asTensor(array(true)), mul(next, h!), next)] as const;
        },
        [w, asTensor(array(0, { dtype: "f64" }))] as readonly Tensor[],
        x,
        { recompute },
      );
      return concat([reshape((last as readonly Tensor[])[0]!, [1, 2]), states], 0);
    };
    checkDerivatives((w, x) => taylor(loop, [w, x], [ones(w), ones(x)], 3)[3], [a([2]), a([3, 2], 2)], { order: 1 });
  });

  it("a loop carries the derivatives that its state has, and no others", () => {
    const length = (order: number): number => {
      const fn = (x: Tensor): Tensor =>
        scan((s: Tensor, z: Tensor) => [add(mul(s, 0.5), z), []] as const, sum(x), x)[0] as Tensor;
      const nodes = record((x: Tensor) => taylor(fn, [x], [ones(x)], order) as Tensor[], a([4])).program.nodes;
      return nodes.find(({ primitive }) => primitive === "scan")!.outputs.length;
    };
    expect([length(1), length(2), length(5)]).toEqual([2, 2, 2]);
  });
});

describe("a network of tanh", () => {
  const net = ([w1, w2, w3, w4]: readonly Tensor[], x: Tensor): Tensor =>
    matmul(tanh(matmul(tanh(matmul(tanh(matmul(x, w1!)), w2!)), w3!)), w4!);
  const inputs = [a([2, 6]), a([6, 6], 2), a([6, 6], 3), a([6, 1], 4), a([9, 2], 5)];
  const seventh = (...x: Tensor[]): Tensor => taylor((z: Tensor) => net(x, z), [x[4]!], [ones(x[4]!)], 7)[7];
  const again = (...x: Tensor[]): Tensor => {
    let fn = (z: Tensor): Tensor => net(x, z);
    for (let k = 0; k < 7; k++) {
      const before = fn;
      fn = (z) => jvp(before, [z], [ones(z)])[1];
    }
    return fn(x[4]!);
  };
  const size = (fn: (...x: Tensor[]) => Tensor): number =>
    optimize(record(fn, ...(inputs as never[])).program).nodes.length;

  it("grows with the square of the order, where nested jvp doubles", () => {
    expect(size(seventh)).toBeLessThan(0.65 * size(again));
  });
});

describe("what it refuses", () => {
  const recorded = (fn: (x: Tensor) => unknown) => () => record(fn as never, a([3]));
  it.each([-1, 1.5, Number.NaN])("the order %d", (order) => {
    expect(recorded((x) => taylor(sin, [x], [ones(x)], order as number))).toThrow(
      `taylor: received the order ${order}; it takes a whole number from 0.`,
    );
  });
  it("directions of another shape, and no lists", () => {
    expect(recorded((x) => taylor(sin, [x], [sum(x)], 2))).toThrow(
      "taylor: received the direction f64[] for the primal f64[3].",
    );
    expect(recorded((x) => taylor(sin as never, x as never, x as never, 2))).toThrow(
      "taylor: received no lists; write taylor(fn, [x], [direction], order), an entry for each argument.",
    );
  });
  it("nothing at order 0, which is the value", () => {
    const [found] = interpret(record((x: Tensor) => taylor(sin, [x], [ones(x)], 0), a([2])).program, [a([2])]);
    expect(Array.from(found!.data)).toEqual(Array.from(a([2]).data, (x) => Math.sin(x)));
  });
  it("nothing whose argument is a whole number, which stands still", () => {
    const fn = (x: Tensor, i: Tensor): Tensor => sub(mul(x, x), bind("convert", [i], { dtype: "f64" })[0]!);
    const i = array(3, { dtype: "i32" });
    const { program: both } = record((x: Tensor, n: Tensor) => taylor(fn, [x, n], [ones(x), n], 2), zero, i);
    expect(interpret(both, [array(2, { dtype: "f64" }), i]).map(({ data }) => data[0])).toEqual([1, 4, 2]);
  });
});
