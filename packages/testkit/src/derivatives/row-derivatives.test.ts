// Derivatives of rows beside closed forms and nested forward mode, of plain functions and of layers.
import { wasmBackend } from "@hooke/backend-wasm";
import { activation, apply, dense, initialize, layerNorm, sequential } from "@hooke/core";
import {
  add,
  array,
  asTensor,
  broadcastTo,
  exp,
  grad,
  type HostArray,
  interpret,
  jvp,
  mul,
  optimize,
  type Program,
  record,
  referenceBackend,
  rowDerivatives,
  run,
  sin,
  sliceAxis,
  square,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { sample } from "../cases/samples.ts";
import { checkDerivatives } from "../finite-differences.ts";

const points = (columns: number): HostArray => sample([4, columns], "f64", { low: -1, high: 1, seed: 3 });
const column = (x: Tensor, k: number): Tensor => sliceAxis(x, 1, k, k + 1);
const programOf = (fn: (x: Tensor) => unknown, x: HostArray): Program => optimize(record(fn as never, x).program);

/** Every list of columns of up to `order` columns that does not fall. */
const lists = (columns: number, order: number): number[][] =>
  order === 0
    ? [[]]
    : [
        ...lists(columns, order - 1),
        ...lists(columns, order - 1)
          .filter((list) => list.length === order - 1)
          .flatMap((list) =>
            Array.from({ length: columns }, (_, c) => [...list, c]).filter((next) =>
              next.every((c, i) => i === 0 || c >= next[i - 1]!),
            ),
          ),
      ];

const rates = [0.7, -1.1, 0.4];
/** `exp(0.7 x - 1.1 y + 0.4 z)`: a derivative is a power of the rates times the value. */
const wave = (x: Tensor): Tensor =>
  exp(
    rates
      .slice(0, x.shape[1]!)
      .map((rate, k) => mul(column(x, k), rate))
      .reduce((a, b) => add(a, b)),
  );

describe("closed forms", () => {
  it.each([
    [1, 8],
    [2, 6],
    [3, 4],
  ])("in %i coordinates to order %i, all at once", (columns, order) => {
    const requests = lists(columns, order);
    const x = points(columns);
    const found = interpret(
      programOf((p) => rowDerivatives(wave, p, requests) as never, x),
      [x],
    );
    const value = found[requests.findIndex(({ length }) => length === 0)]!;
    for (const [i, list] of requests.entries()) {
      const rate = list.reduce((product, c) => product * rates[c]!, 1);
      for (const [row, result] of found[i]!.data.entries()) {
        const truth = rate * value.data[row]!;
        // Combinations of derivatives along longer directions cancel: errors are relative to those.
        expect(Math.abs(result - truth), `${list} of row ${row}`).toBeLessThan(2e-11);
      }
    }
  });

  it.each(lists(3, 4).map((list) => [list.join(""), list] as const))("of %s by itself", (_, list) => {
    const x = points(3);
    const [found, value] = interpret(
      programOf((p) => [rowDerivatives(wave, p, [list])[0], wave(p)], x),
      [x],
    );
    const rate = list.reduce((product, c) => product * rates[c]!, 1);
    for (const [row, result] of found!.data.entries()) expect(result).toBeCloseTo(rate * value!.data[row]!, 12);
  });

  it("polynomials come out exactly: whole numbers stay whole", () => {
    // x^2 y^2 + 3 x^3 y: weights like 1/12 of whole numbers that they divide.
    const fn = (p: Tensor): Tensor => {
      const [x, y] = [column(p, 0), column(p, 1)];
      return add(square(mul(x, y)), mul(mul(mul(x, square(x)), y), 3));
    };
    const x = array(
      [
        [2, 3],
        [-1, 5],
      ],
      { dtype: "f64" },
    );
    const requests = [
      [0, 0, 1, 1],
      [0, 0, 0, 1],
      [1, 0],
      [0, 0, 0],
    ];
    const found = interpret(
      programOf((p) => rowDerivatives(fn, p, requests) as never, x),
      [x],
    );
    const near = [
      [4, 4],
      [18, 18],
      [4 * 6 + 9 * 4, -20 + 9],
      [18 * 3, 18 * 5],
    ];
    for (const [i, truth] of near.entries()) {
      for (const [row, one] of truth.entries()) expect(found[i]!.data[row]).toBeCloseTo(one, 12);
    }
  });
});

describe("a model of core", () => {
  const model = sequential([dense({ units: 7 }), activation("tanh"), layerNorm(), dense({ units: 2 })]);
  const along = (x: Tensor, list: readonly number[]): Tensor =>
    broadcastTo(asTensor(array([...list], { dtype: "f64" })), x.shape);

  it.each([
    ["the reference", referenceBackend],
    ["wasm", wasmBackend],
  ] as const)("as nested jvp, on %s", async (_, create) => {
    const backend = create();
    const variables = await initialize(backend, model, { shape: [2], dtype: "f64" } as never, 3, "f64");
    const x = points(2);
    const all = (v: never, p: Tensor): Tensor[] => {
      const u = (z: Tensor): Tensor => apply(model, v, z).output as Tensor;
      const d = (fn: (z: Tensor) => Tensor, direction: number[]) => (z: Tensor) =>
        jvp(fn, [z], [along(z, direction)])[1];
      const dx = (fn: (z: Tensor) => Tensor) => d(fn, [1, 0]);
      const dy = (fn: (z: Tensor) => Tensor) => d(fn, [0, 1]);
      return [
        ...rowDerivatives(u, p, [[], [0], [1, 0], [0, 0, 1, 1]]),
        ...[u(p), dx(u)(p), dy(dx(u))(p), dy(dy(dx(dx(u))))(p)],
      ];
    };
    const found = (await run(backend, all as never, variables as never, x as never)) as unknown as HostArray[];
    for (let i = 0; i < 4; i++) {
      expect(found[i]!.shape).toEqual([4, 2]);
      const largest = Math.max(...found[i + 4]!.data.map(Math.abs));
      for (const [k, truth] of found[i + 4]!.data.entries()) {
        expect(Math.abs(found[i]!.data[k]! - truth)).toBeLessThan(1e-11 * largest);
      }
    }
  });
});

it("the gradient of a residual agrees with differences", () => {
  const x = points(2);
  checkDerivatives(
    (w) => {
      const u = (p: Tensor): Tensor => sin(mul(mul(column(p, 0), w), exp(column(p, 1))));
      const [value, ux, uxy] = rowDerivatives(u, asTensor(x), [[], [0], [0, 1]]);
      return add(mul(value, ux), uxy);
    },
    [sample([1], "f64", { seed: 9 })],
    { order: 2 },
  );
});

it("of gradients, and of trees of results", () => {
  const x = points(2);
  const fields = (p: Tensor) => ({ u: sin(column(p, 0)), g: grad((q: Tensor) => sum(mul(wave(q), column(q, 1))))(p) });
  const [[du, dg, value]] = [
    interpret(
      programOf((p) => {
        const [first] = rowDerivatives(fields, p, [[0]]);
        return [first.u, first.g, wave(p)];
      }, x),
      [x],
    ),
  ] as [HostArray[]];
  for (let row = 0; row < 4; row++) {
    expect(du!.data[row]).toBeCloseTo(Math.cos(x.data[2 * row]!), 13);
    // The gradient in x of exp(a x + b y) y is a y exp(..): its derivative in x has a^2.
    expect(dg!.data[2 * row]).toBeCloseTo(0.49 * x.data[2 * row + 1]! * value!.data[row]!, 12);
  }
});

it("computes the value once for all directions", () => {
  const requests = [
    [0, 0, 0, 0],
    [0, 0, 1, 1],
    [1, 1, 1, 1],
  ];
  const exponentials = (fn: (x: Tensor) => unknown) =>
    programOf(fn, points(2)).nodes.filter(({ primitive }) => primitive === "exp").length;
  expect(exponentials((p) => rowDerivatives(wave, p, requests) as never)).toBe(1);
});

describe("sums", () => {
  it("are the sums of their parts", () => {
    const x = points(2);
    const plate = [
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [0, 0, 1, 1],
      [1, 1, 1, 1],
    ];
    const laplacian = [
      [0, 0],
      [1, 1],
    ];
    const program = programOf((p) => rowDerivatives(wave, p, [plate, laplacian, [1], []]) as never, x);
    const [biharmonic, second, slope, value] = interpret(program, [x]);
    const size = rates[0]! ** 2 + rates[1]! ** 2;
    for (const [row, u] of value!.data.entries()) {
      expect(Math.abs(biharmonic!.data[row]! - size ** 2 * u)).toBeLessThan(1e-13);
      expect(Math.abs(second!.data[row]! - size * u)).toBeLessThan(1e-13);
      expect(Math.abs(slope!.data[row]! - rates[1]! * u)).toBeLessThan(1e-13);
    }
  });
});

describe("what it refuses", () => {
  const recorded =
    (fn: (x: Tensor) => unknown, x: HostArray = points(2)) =>
    () =>
      record(fn as never, x);
  it.each([
    [
      "a column that is not there",
      [[0, 2]],
      "received [0,2] as derivative 0; it takes a list of columns, from 0 to 1, or a sum of such lists.",
    ],
    [
      "no list of lists",
      [0],
      "received 0 as derivative 0; it takes a list of columns, from 0 to 1, or a sum of such lists.",
    ],
    [
      "a sum of several orders",
      [[[0], [1, 1]]],
      "received [[0],[1,1]] as derivative 0; the derivatives of a sum are of one order, from 1. Ask for them one by one.",
    ],
    [
      "a fraction",
      [[], [0.5]],
      "received [0.5] as derivative 1; it takes a list of columns, from 0 to 1, or a sum of such lists.",
    ],
  ])("%s", (_, requests, message) => {
    expect(recorded((x) => rowDerivatives(wave, x, requests as never))).toThrow(`rowDerivatives: ${message}`);
  });
  it("no list at all", () => {
    expect(recorded((x) => rowDerivatives(wave, x, 2 as never))).toThrow(
      "rowDerivatives: received 2 as the derivatives; it takes a list of lists of columns, such as [[0], [0, 1]].",
    );
  });
  it("what has no rows", () => {
    const vector = array([1, 2], { dtype: "f64" });
    expect(recorded((x) => rowDerivatives(sin, x, [[0]]), vector)).toThrow(
      "rowDerivatives: received f64[2]; it takes rows of coordinates, [n, d], of f32 or f64.",
    );
    expect(recorded((x) => rowDerivatives((p: Tensor) => sum(p), x, [[0]]))).toThrow(
      "rowDerivatives: the function returned f64[] for f64[4, 2]; it must return a row for each row.",
    );
  });
});
