import { wasmBackend } from "@hooke/backend-wasm";
import { parseCsv } from "@hooke/data";
import { adam } from "@hooke/minimize";
import { add, mul } from "@hooke/runtime";
import { beforeAll, describe, expect, test } from "vitest";
import {
  box,
  type Domain,
  encodeCsv,
  encodeVtu,
  errors,
  mlp,
  problem,
  residual,
  type Solution,
  solve,
} from "../index.ts";

const square = box({ x: [0, 2], y: [0, 1], t: [0, 4] });
const inside = (point: ArrayLike<number>): boolean => square.contains(point) && point[0]! + point[1]! <= 2.5;
const plate: Domain = { ...square, contains: inside };
// Exact, whatever the networks say: u = x y + t, v = (x, y t).
const known = problem({
  domain: plate,
  fields: { u: mlp({ units: [2] }), v: mlp({ units: [2], components: ["x", "y"] }) },
  derived: { strain: ({ v, d }) => ({ xx: d(v.x, "x"), yy: d(v.y, "y") }) },
  exact: {
    u: ({ x, y, t, free }) => add(add(mul(x, y), t), mul(free, 0)),
    v: ({ x, y, t, free }) => ({ x: add(x, mul(free.x, 0)), y: add(mul(y, t), mul(free.y, 0)) }),
  },
  terms: { equation: residual(plate.interior(10), ({ u, d }) => d(u, "x", "x")) },
});
let solution: Solution;
beforeAll(async () => {
  solution = (await solve(known, { backend: wasmBackend(), stages: [{ method: adam(), iterations: 1 }] })).solution;
});
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** An array of a VTK file: its attributes and its numbers. */
function arrayIn(file: string, name: string): { readonly attributes: string; readonly values: number[] } {
  const [, before, base64] = new RegExp(`<DataArray (type="\\w+" Name="${name}"[^>]*) format="binary">([^<]*)<`).exec(
    file,
  )!;
  const bytes = Uint8Array.from(Buffer.from(base64!, "base64"));
  expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(bytes.length - 8));
  const data = bytes.slice(8).buffer;
  const view = before!.includes("Float64")
    ? new Float64Array(data)
    : before!.includes("UInt8")
      ? new Uint8Array(data)
      : new BigInt64Array(data);
  return { attributes: before!, values: Array.from(view as ArrayLike<number>, Number) };
}

describe("VTK", () => {
  test("of a grid: points inside, cells between them, vectors with three components", async () => {
    const file = text(await encodeVtu(solution, { grid: { x: 5, y: 3 }, at: { t: 2 } }));
    const { values: places } = arrayIn(file, "Points");
    // Of 15 points, (2, 1) lies outside, and the one cell at that corner.
    expect(file).toContain('<Piece NumberOfPoints="14" NumberOfCells="7">');
    const { values: u } = arrayIn(file, "u");
    const { values: v, attributes } = arrayIn(file, "v");
    expect(attributes).toContain('NumberOfComponents="3"');
    for (let i = 0; i < 14; i++) {
      const [x, y, z] = places.slice(3 * i) as [number, number, number];
      expect([u[i], ...v.slice(3 * i, 3 * i + 3), z]).toEqual([x * y + 2, x, y * 2, 0, 0]);
    }
    expect(arrayIn(file, "strain.yy").values).toEqual(new Array(14).fill(2));
    expect(arrayIn(file, "TimeValue").values).toEqual([2]);
    expect(arrayIn(file, "types").values).toEqual(new Array(7).fill(9));
    const { values: corners } = arrayIn(file, "connectivity");
    // Each cell goes round counter-clockwise: its area is positive.
    for (let cell = 0; cell < 7; cell++) {
      const [a, b, c] = corners.slice(4 * cell).map((at) => [places[3 * at]!, places[3 * at + 1]!]) as number[][];
      expect((b![0]! - a![0]!) * (c![1]! - b![1]!) - (b![1]! - a![1]!) * (c![0]! - b![0]!)).toBeCloseTo(0.25, 12);
    }
    expect(arrayIn(file, "offsets").values).toEqual([4, 8, 12, 16, 20, 24, 28]);
  });

  test("of points and of lines", async () => {
    const file = text(await encodeVtu(solution, { points: { x: [1, 1], y: [0, 1], t: [3, 3] }, asked: ["u"] }));
    expect(arrayIn(file, "u").values).toEqual([3, 4]);
    expect(arrayIn(file, "types").values).toEqual([1, 1]);
    const line = text(await encodeVtu(solution, { grid: { x: 3 }, asked: ({ u, d }) => ({ 'a"<': d(u, "y") }) }));
    expect(arrayIn(line, "types").values).toEqual([3, 3]);
    expect(arrayIn(line, "a&quot;&lt;").values).toEqual([0, 1, 2]);
  });

  test.each([
    [{ grid: { x: 3, t: 3 } }, "received points of several times"],
    [{ grid: { z: 3 } }, 'received a grid along "z"; there are "x", "y", "t".'],
    [{}, "takes a grid or points; give one of them."],
    [{ grid: { x: 3 }, at: { x: 1 } }, 'received "x" among the coordinates to fix'],
    [{ grid: { x: 3 }, asked: ["w"] }, 'there is no "w"'],
  ])("refuses %o", async (options, message) => {
    await expect(encodeVtu(solution, options as never)).rejects.toThrow(message);
  });
});

test("CSV comes back to the bit", async () => {
  const bytes = await encodeCsv(solution, { grid: { x: 4, y: 7, t: 2 } });
  const table = parseCsv(text(bytes));
  const column = (name: string) => table.columns.find((each) => each.name === name)!.values as ArrayLike<number>;
  expect(table.columns.map(({ name }) => name).join()).toBe("x,y,t,u,v.x,v.y,strain.xx,strain.yy");
  const [x, y, t] = ["x", "y", "t"].map((name) => Array.from(column(name)));
  expect(x).toHaveLength(50);
  const again = await solution.at({ x: x!, y: y!, t: t! }, ["u", "v", "strain"]);
  for (const [name, values] of Object.entries(again)) expect(Array.from(column(name)), name).toEqual([...values]);
});

describe("errors against", () => {
  test("numbers at points, where they are known, and derivatives", async () => {
    const points = { x: [0, 1, 2], y: [0, 0.5, 0.5], t: [0, 0, 1] };
    const { rows } = await errors(solution, {
      points,
      reference: { u: [3, Number.NaN, 6] },
      exact: { slope: ({ x }) => x! + 1 },
      quantities: ({ u, d }) => ({ slope: d(u, "y") }),
    });
    expect(rows.find(({ name }) => name === "u")).toMatchObject({ largest: 4, rms: Math.sqrt(12.5), points: 2 });
    expect(rows.find(({ name }) => name === "slope")).toMatchObject({ largest: 1, rms: 1, points: 3 });
  });

  test("a grid of numbers, whose points outside do not count", async () => {
    const reference = { u: Float64Array.of(0, 1, 2, 3, 4, 5, 9, 9) };
    const { rows } = await errors(solution, { grid: { x: 2, y: 2, t: 2 }, reference });
    // u = x y + t at (0, 0, 0), (0, 0, 4), (0, 1, 0), (0, 1, 4), (2, 0, 0), (2, 0, 4); (2, 1) lies outside.
    const differences = [0, 3, -2, 1, -4, -1];
    expect(rows[0]).toMatchObject({ points: 6, largest: 4 });
    expect(rows[0]!.relativeL2).toBeCloseTo(Math.hypot(...differences) / Math.hypot(0, 1, 2, 3, 4, 5), 12);
  });

  test.each([
    [
      { grid: { x: 2, y: 2, t: 2 }, reference: { u: [1] } },
      'received 1 numbers of "u" for 8 points; give one for each.',
    ],
    [{ points: [[0, 0, 0]] }, "received nothing that is known; give exact or reference."],
    [{ points: [[0, 0, 0]], exact: { u: () => 0 }, reference: { u: [1] } }, 'received "u" in exact and in reference'],
    [{ points: [[0, 0, 0]], reference: { u: [Number.NaN] } }, 'received no number of "u" at a point of the domain'],
  ])("refuses %o", async (options, message) => {
    await expect(errors(solution, options as never)).rejects.toThrow(message);
  });
});
