import { wasmBackend } from "@hooke/backend-wasm";
import {
  array,
  type HostArray,
  mul,
  randomKey,
  reshape,
  rowDerivatives,
  run,
  sliceAxis,
  type Tensor,
} from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  ball,
  box,
  type Domain,
  difference,
  disk,
  gauss,
  grid,
  intersection,
  interval,
  mlp,
  pointCloud,
  polygon,
  problem,
  residual,
  rotate,
  type Shape,
  sobol,
  translate,
  union,
  withTime,
} from "../index.ts";

const key = randomKey(1);
const sampler = sobol();
const square = box({ x: [-1, 1], y: [-1, 1] });
const hole = disk({ center: { x: 0.2, y: 0 }, radius: 0.4 });
const plate = difference(square, hole);
const bracket = polygon({
  corners: [
    [0, 0],
    [2, 0],
    [2, 1],
    [1, 1],
    [1, 2],
    [0, 2],
  ],
});
const comb = polygon({
  corners: [
    [0, 0],
    [0, 3],
    [0.5, 3],
    [0.6, 1],
    [1, 2.8],
    [1.5, 0.7],
    [2, 2],
    [1.6, 0.3],
    [3, 0.5],
    [3, -1],
    [1, -0.5],
  ],
});
const gear = union(
  disk({ center: { x: 0, y: 0 }, radius: 1 }),
  rotate(box({ x: [-1.5, 1.5], y: [-0.3, 0.3] }), { angle: 0.4 }),
);
const shapes: Record<string, Shape> = {
  interval: interval({ x: [-1, 2] }),
  box: square,
  disk: hole,
  ball: ball({ center: { x: 1, y: 0, z: -1 }, radius: 0.7 }),
  polygon: bracket,
  comb,
  "plate with a hole": plate,
  "plate with two holes": difference(plate, translate(hole, { x: -0.7, y: 0.5 })),
  notch: difference(square, disk({ center: { x: 1, y: 0 }, radius: 0.5 })),
  lens: intersection(disk({ center: { x: 0, y: 0 }, radius: 1 }), disk({ center: { x: 1, y: 0 }, radius: 1 })),
  gear,
  "boxes side by side": union(box({ x: [0, 1], y: [0, 1] }), box({ x: [1, 2], y: [0, 1] })),
  shell: difference(
    ball({ center: { x: 0, y: 0, z: 0 }, radius: 1 }),
    ball({ center: { x: 0, y: 0.1, z: 0 }, radius: 0.5 }),
  ),
  "turned notch": rotate(difference(square, disk({ center: { x: 1, y: 0 }, radius: 0.5 })), {
    angle: 1,
    about: { x: 2, y: 1 },
  }),
  "plate in time": withTime(plate, [0, 0.5]),
  "gear in time": withTime(translate(gear, { x: 1 }), [1, 2]),
};

/** A field of vectors, and its divergence. */
const flow = (point: readonly number[]): number[] =>
  point.map((value, axis) => Math.sin(value + axis) + value * point[(axis + 1) % point.length]!);
const divergence = (point: readonly number[]): number =>
  point.reduce((sum, value, axis) => {
    const next = point[(axis + 1) % point.length]!;
    return sum + Math.cos(value + axis) + (point.length === 1 ? 2 * value : next);
  }, 0);

function points(domain: Domain, count: number, where: "interior" | "boundary") {
  const drawn = domain[where](count, { sampler });
  const { rows, columns } = drawn.draw(key);
  const size = domain.coordinates.length;
  const each = Array.from({ length: drawn.count }, (_, i) => [...rows.subarray(i * size, (i + 1) * size)]);
  const normals = each.map((_, i) => domain.coordinates.map((name) => columns[`normal.${name}`]?.[i] ?? Number.NaN));
  return { each, normals, measure: drawn.measure };
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test.each(Object.entries(shapes))("the divergence theorem holds on: %s", (_, shape) => {
  const count = shape.coordinates.length === 1 ? 2 : 4096;
  const inside = points(shape, 4096, "interior");
  const edge = points(shape, count, "boundary");
  expect(inside.measure).toBeCloseTo(shape.measure, 10);
  const volume = mean(inside.each.map(divergence)) * shape.measure;
  const fluxes = edge.each.map((point, i) =>
    flow(point).reduce((sum, value, axis) => sum + value * edge.normals[i]![axis]!, 0),
  );
  const flux = mean(fluxes) * edge.measure;
  const size = mean(fluxes.map(Math.abs)) * edge.measure;
  expect(Math.abs(volume - flux) / size).toBeLessThan(3e-3);
});

test.each(Object.entries(shapes))("points of %s are where they should be, with normals of length 1", (_, shape) => {
  // What falls short is collected: an `expect` takes longer than what it is asked of a point.
  expect(points(shape, 500, "interior").each.filter((point) => !shape.contains(point))).toEqual([]);
  const edge = points(shape, 500, "boundary");
  const moved = (point: readonly number[], normal: readonly number[], by: number) =>
    point.map((value, axis) => value + by * normal[axis]!);
  const onEdge = (point: readonly number[], normal: readonly number[]): boolean =>
    Math.abs(Math.hypot(...normal) - 1) < 5e-13 &&
    shape.contains(point) &&
    Math.abs(shape.depth(point)) < 1e-9 &&
    shape.contains(moved(point, normal, -1e-6)) &&
    !shape.contains(moved(point, normal, 1e-6));
  expect(edge.each.filter((point, i) => !onEdge(point, edge.normals[i]!))).toEqual([]);
  const within = (point: readonly number[]): boolean =>
    shape.coordinates.every((name, axis) => {
      const [low, high] = shape.bounds[name]!;
      return point[axis]! >= low - 1e-9 && point[axis]! <= high + 1e-9;
    });
  expect(edge.each.filter((point) => !within(point))).toEqual([]);
});

/** Distance, and its first and second derivatives along every coordinate, at points. */
async function distances(shape: Shape, rows: readonly (readonly number[])[]): Promise<readonly Float64Array[]> {
  const size = shape.coordinates.length;
  const fn = (x: Tensor): Tensor =>
    reshape(
      shape.distance(
        Object.fromEntries(
          shape.coordinates.map((name, axis) => [name, reshape(sliceAxis(x, 1, axis, axis + 1), [rows.length])]),
        ),
      ),
      [rows.length, 1],
    );
  const axes = shape.coordinates.map((_, axis) => axis);
  const indices = [[], ...axes.map((axis) => [axis]), ...axes.map((axis) => [axis, axis])];
  const result = await run(
    wasmBackend(),
    (x: Tensor) => rowDerivatives(fn, x, indices),
    array(rows.flat(), { shape: [rows.length, size], dtype: "f64" }),
  );
  return (result as readonly HostArray[]).map(({ data }) => data as Float64Array);
}

test.each(Object.entries(shapes))(
  "the distance of %s is that of its boundary, to first order, and smooth",
  async (_, shape) => {
    const { bounds, coordinates } = shape;
    const around = box(
      Object.fromEntries(
        Object.entries(bounds).map(([name, [low, high]]) => [name, [1.1 * low - 0.1 * high, 1.1 * high - 0.1 * low]]),
      ),
    );
    const anywhere = points(around, 1000, "interior").each;
    const [there, ...derivatives] = await distances(shape, anywhere);
    const contrary = anywhere.filter((point, i) => {
      const depth = shape.depth(point);
      return Math.abs(depth) > 1e-9 && Math.sign(there![i]!) !== Math.sign(depth);
    });
    expect(contrary).toEqual([]);
    for (const values of derivatives) expect(values.every(Number.isFinite)).toBe(true);
    const edge = points(shape, 300, "boundary");
    const [zero, ...slopes] = await distances(shape, edge.each);
    expect(zero!.every((value) => Math.abs(value) < 1e-8)).toBe(true);
    const size = coordinates.length;
    const wrong = edge.normals.filter((normal, i) =>
      normal.some((value, axis) => Math.abs(slopes[axis]![i]! + value) > 1e-6),
    );
    expect(slopes.slice(0, 2 * size).every((values) => values.every(Number.isFinite))).toBe(true);
    expect(wrong.length).toBeLessThanOrEqual(0);
  },
);

test("measures are exact where one shape has all of another, else good to 2e-4", () => {
  expect(plate.measure).toBeCloseTo(4 - Math.PI * 0.16, 14);
  expect(shapes["boxes side by side"]!.measure).toBe(2);
  expect(bracket.measure).toBe(3);
  expect(withTime(plate, [0, 3]).measure).toBeCloseTo(3 * plate.measure, 14);
  const lens = (2 * Math.PI) / 3 - Math.sqrt(3) / 2;
  expect(Math.abs(shapes.lens!.measure - lens) / Math.PI).toBeLessThan(3e-4);
  const circle = 2 * Math.PI;
  const arcs = shapes.lens!.boundary(100).measure;
  expect(Math.abs(arcs - (2 / 3) * circle) / circle).toBeLessThan(1e-4);
  expect(shapes["boxes side by side"]!.boundary(100).measure).toBeCloseTo(6, 10);
});

test("corners may be given either way around", () => {
  const other = polygon({
    corners: [
      [0, 0],
      [0, 1],
      [1, 0],
    ],
    coordinates: ["r", "z"],
  });
  expect(other.coordinates).toEqual(["r", "z"]);
  expect(other.measure).toBe(0.5);
  expect(other.contains([0.2, 0.2])).toBe(true);
});

test("a shape in time has a start, an end and a lateral boundary", () => {
  const domain = withTime(hole, [1, 3]);
  expect(domain.bounds.t).toEqual([1, 3]);
  const start = domain.start(10).draw(key);
  expect(start.rows.filter((_, i) => i % 3 === 2)).toEqual(new Float64Array(10).fill(1));
  expect([...start.columns["normal.t"]!]).toEqual(new Array(10).fill(-1));
  expect(domain.end(10).draw(key).rows[2]).toBe(3);
  expect(domain.lateral(10).measure).toBeCloseTo(2 * 2 * Math.PI * 0.4, 12);
  expect(domain.lateral(10).draw(key).columns["normal.t"]).toEqual(new Float64Array(10));
  expect(domain.boundary(100).measure).toBeCloseTo(domain.lateral(1).measure + 2 * hole.measure, 12);
});

test("points of cut shapes are drawn by key, by any sampler of points", () => {
  for (const each of [undefined, grid(), sobol()]) {
    const from = plate.interior(137, each && { sampler: each });
    expect(from.draw(key)).toEqual(from.draw(key));
    expect(from.draw(key)).not.toEqual(from.draw(randomKey(2)));
    expect(from.draw(key).rows).toHaveLength(274);
  }
});

test("points only where they are asked for: the rim of a hole, part of a side, an instant", () => {
  const rim = plate.boundary(80, { where: ({ x, y }) => Math.hypot(x! - 0.2, y!) < 0.41 });
  expect(rim.measure).toBeCloseTo(2 * Math.PI * 0.4, 12);
  const { rows, columns } = rim.draw(key);
  for (let i = 0; i < 80; i++) {
    const [x, y] = [rows[2 * i]! - 0.2, rows[2 * i + 1]!];
    expect(Math.hypot(x, y)).toBeCloseTo(0.4, 12);
    // Out of the plate is into the hole.
    expect(columns["normal.x"]![i]).toBeCloseTo(-x / 0.4, 12);
    expect(columns["normal.y"]![i]).toBeCloseTo(-y / 0.4, 12);
  }
  const sides = plate.boundary(80, { where: (_, normal) => normal.x! === 1 });
  expect(sides.measure).toBeCloseTo(2, 12);
  const square = box({ x: [0, 2], y: [0, 1] });
  const upper = square.face("x", "high", 50, { where: ({ y }) => y! > 0.75 });
  expect(upper.measure).toBeCloseTo(0.25, 4);
  expect(
    upper
      .draw(key)
      .rows.filter((_, i) => i % 2 === 1 && i > 0)
      .every((y) => y > 0.75),
  ).toBe(true);
  const ends = interval({ x: [0, 1] }).boundary(1, { where: ({ x }) => x === 1 });
  expect([ends.count, ends.random, [...ends.draw(key).rows]]).toEqual([1, false, [1]]);
  const late = withTime(hole, [0, 4]).lateral(60, { where: ({ t }) => t! > 3 });
  expect(late.measure / (2 * Math.PI * 0.4)).toBeCloseTo(1, 3);
  const cloud = pointCloud({
    inside: { x: [0, 1, 2], measure: [1, 2, 4] },
    boundary: { x: [-1, 3], "normal.x": [-1, 1] },
  });
  expect(cloud.interior(2, { where: ({ x }) => x! > 0 }).measure).toBe(6);
  expect([...cloud.boundary(1, { where: (_, normal) => normal.x! > 0 }).draw(key).rows]).toEqual([3]);
  for (const domain of [square, cloud]) {
    expect(() => domain.interior(1, { where: () => false })).toThrow(/where that is true of no point there/);
    expect(() => domain.interior(1, { where: "x > 1" as never })).toThrow(/where.*a function of a point/);
  }
});

test("points that are given make a domain", () => {
  const angles = Array.from({ length: 400 }, (_, i) => (2 * Math.PI * i) / 400);
  const cells = Array.from(
    { length: 2500 },
    (_, i) => [-0.98 + 0.04 * (i % 50), -0.98 + 0.04 * Math.floor(i / 50)] as const,
  );
  const inner = cells.filter(([x, y]) => Math.hypot(x, y) < 1);
  const cloud = pointCloud({
    inside: { x: inner.map(([x]) => x), y: inner.map(([, y]) => y), measure: inner.map(() => 0.04 ** 2) },
    boundary: {
      x: angles.map(Math.cos),
      y: angles.map(Math.sin),
      "normal.x": angles.map(Math.cos),
      "normal.y": angles.map(Math.sin),
      measure: angles.map(() => (2 * Math.PI) / 400),
    },
  });
  expect(cloud.measure).toBeCloseTo(Math.PI, 1);
  expect(cloud.bounds.x![1]).toBe(1);
  expect(cloud.contains([0.99, 0])).toBe(true);
  expect(cloud.contains([0.8, 0.8])).toBe(false);
  // What is given as inside is, also where few normals are known.
  const corner = pointCloud({
    inside: { x: [0.9], y: [0.2] },
    boundary: { x: [0, 1], y: [0, 0], "normal.x": [-1, 0], "normal.y": [0, 1] },
  });
  expect([corner.contains([0.9, 0.2]), corner.contains([0.9, 0.1])]).toEqual([true, false]);
  const some = cloud.interior(300);
  const { rows, columns } = some.draw(key);
  expect(new Set(Array.from({ length: 300 }, (_, i) => `${rows[2 * i]},${rows[2 * i + 1]}`)).size).toBe(300);
  expect(columns.quadrature!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(cloud.measure, 10);
  expect(some.random).toBe(true);
  const all = cloud.boundary(400);
  expect(all.random).toBe(false);
  const terms = {
    equation: residual(some, ({ u, d }) => d.laplacian(u)),
    wall: residual(all, ({ u, normal }) => mul(u, normal.x!)),
  };
  expect(problem({ domain: cloud, fields: { u: mlp({ units: [4] }) }, terms }).plan.sites).toHaveLength(2);
});

test("what is no domain is refused, with the cure", () => {
  expect(() => disk({ center: { x: 0 }, radius: 1 })).toThrow(
    /expected numbers by coordinate, such as \{ x: 0, y: 0 \}/,
  );
  expect(() => ball({ center: { x: 0, y: 0, z: 0 }, radius: 0 })).toThrow(/option "radius"/);
  const corners = [
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ] as const;
  expect(() => polygon({ corners })).toThrow(/polygon: received sides that meet: from \[0, 0\] to \[1, 1\]/);
  expect(() =>
    polygon({
      corners: [
        [0, 0],
        [1, 0],
        [1, 0],
        [0, 1],
      ],
    }),
  ).toThrow(/received the corner \[1, 0\] twice/);
  expect(() =>
    polygon({
      corners: [
        [0, 0],
        [2, 0],
        [1, 0],
      ],
    }),
  ).toThrow(/lie on each other/);
  expect(() =>
    polygon({
      corners: [
        [0, 0],
        [1, 0],
      ],
    }),
  ).toThrow(/three corners or more/);
  expect(() => difference(hole, square)).toThrow("difference: leaves nothing: the second shape has all of the first.");
  expect(() => intersection(hole, translate(hole, { x: 2 }))).toThrow(
    "intersection: is empty: the shapes share nothing.",
  );
  expect(() => union(hole, interval({ x: [0, 1] }))).toThrow(
    /union: received shapes of the coordinates "x", "y" and "x"/,
  );
  expect(() => union(hole, {} as never)).toThrow(/as the second shape; expected a shape, such as disk/);
  expect(() => translate(hole, { z: 1 })).toThrow('translate: received the coordinate "z"; the shape has "x", "y".');
  expect(() => rotate(withTime(hole, [0, 1]), { angle: 1, plane: ["x", "t"] })).toThrow(/a plane with time/);
  expect(() => rotate(interval({ x: [0, 1] }), { angle: 1 })).toThrow(/there is no plane/);
  expect(() => withTime(withTime(hole, [0, 1]), [0, 1])).toThrow(/already|with the coordinate "t"/);
  expect(() => withTime(hole, [1, 0])).toThrow(/two numbers in order/);
  expect(() => plate.interior(100, { sampler: gauss() })).toThrow(/gauss: has weights for whole shapes/);
  expect(() => plate.boundary(3)).toThrow("difference.boundary: received 3 points for 5 parts; give at least 5.");
  expect(() => pointCloud({ inside: { x: [0, 1] }, boundary: { x: [0, 1] } })).toThrow(/received no "normal.x"/);
  expect(() => pointCloud({ inside: { x: [0, 1] }, boundary: { x: [0, 1], "normal.x": [-1, 2] } })).toThrow(
    "pointCloud: boundary: received a normal of length 2 at 1; normals have length 1.",
  );
  const rod = pointCloud({ inside: { x: [0.5] }, boundary: { x: [0, 1], "normal.x": [-1, 1] } });
  expect(() => rod.interior(2)).toThrow("pointCloud.interior: was asked for 2 points; it has 1.");
  expect(() => rod.interior(1, { sampler: sobol() })).toThrow(/received a sampler/);
  expect(rod.measure).toBeNaN();
});
