// Augmentation end to end: targets of every kind against the index formula, with the map read off the images
// themselves.
import { array, type HostArray, randomKey, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { augment } from "./augment.ts";
import type { TargetKind } from "./components.ts";
import type { Transform } from "./transform.ts";
import { flip, rotate, rotate90 } from "./transforms.ts";

type Tensor4 = (i: number, j: number, k: number, l: number) => number;

const voigt = {
  2: ["00", "11", "01"],
  3: ["00", "11", "22", "12", "02", "01"],
} as const satisfies Record<2 | 3, readonly string[]>;
const side = 7;
const centre = (side - 1) / 2;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sumOver = (size: number, term: (p: number) => number): number => upTo(size).reduce((sum, p) => sum + term(p), 0);

/** Where a pair of indices, in either order, stands in Voigt notation. */
const place = (size: 2 | 3, i: number, j: number): number =>
  (voigt[size] as readonly string[]).indexOf(i < j ? `${i}${j}` : `${j}${i}`);

/** Engineering shears count twice; the components of a compliance between them four times, those beside them twice. */
const weight = (kind: TargetKind, i: number, j: number): number =>
  (kind === "strain" || kind === "compliance") && i !== j ? 2 : 1;

/**
 * The components of a turned target by the definition: `v' = Q v`, `s' = Q s Q^T`, `C'_ijkl = Q_ip Q_jq Q_kr Q_ls
 * C_pqrs`.
 */
function turned(kind: TargetKind, q: readonly (readonly number[])[], given: readonly number[]): number[] {
  const size = q.length as 2 | 3;
  const pairs = voigt[size].map((pair) => [Number(pair[0]), Number(pair[1])] as const);
  if (kind === "scalar") return [...given];
  if (kind === "vector") return upTo(size).map((i) => sumOver(size, (p) => q[i]![p]! * given[p]!));
  const factor = (i: number, j: number): number => weight(kind, i, j);
  if (kind === "stress" || kind === "strain") {
    const full = (p: number, r: number): number => given[place(size, p, r)]! / factor(p, r);
    return pairs.map(
      ([i, j]) => factor(i, j) * sumOver(size, (p) => sumOver(size, (r) => q[i]![p]! * q[j]![r]! * full(p, r))),
    );
  }
  const full: Tensor4 = (i, j, k, l) =>
    given[place(size, i, j) * pairs.length + place(size, k, l)]! / (factor(i, j) * factor(k, l));
  const over = (term: Tensor4): number =>
    sumOver(size, (a) => sumOver(size, (b) => sumOver(size, (c) => sumOver(size, (d) => term(a, b, c, d)))));
  return pairs.flatMap(([i, j]) =>
    pairs.map(
      ([k, l]) =>
        factor(i, j) *
        factor(k, l) *
        over((a, b, c, d) => q[i]![a]! * q[j]![b]! * q[k]![c]! * q[l]![d]! * full(a, b, c, d)),
    ),
  );
}

const width = (kind: TargetKind, size: 2 | 3): number => {
  const pairs = voigt[size].length;
  const counts = { scalar: 1, vector: size, stress: pairs, strain: pairs };
  return kind in counts ? counts[kind as keyof typeof counts] : pairs * pairs;
};

/** Indices along (z,) y, x and the point about the centre in components x, y (, z). */
const pointOf = (at: number, size: number): number[] =>
  upTo(size).map((i) => (Math.floor(at / side ** i) % side) - centre);

/** Points that no turn brings near an edge. */
const inner = (size: number): number[] =>
  upTo(side ** size).filter((at) => pointOf(at, size).every((component) => Math.abs(component) <= 1));

/** An image whose channels are the coordinates: what a turn makes of it shows the turn. */
function coordinates(size: 2 | 3): HostArray {
  const data = upTo(side ** size).flatMap((at) => pointOf(at, size));
  return array(Float64Array.from(data), { shape: [1, ...Array(size).fill(side), size] });
}

/** `Q` of a turned image of coordinates, which holds `Q^T p` at `p`. */
function mapOf({ data }: HostArray, size: number): number[][] {
  const middle = (side ** size - 1) / 2;
  return upTo(size).map((i) =>
    upTo(size).map((k) => data[(middle + side ** i) * size + k]! - data[middle * size + k]!),
  );
}

const numbers = (count: number, seed: number): number[] => upTo(count).map((i) => Math.sin(1 + 3 * i + 7 * seed));

const kinds: readonly TargetKind[] = ["scalar", "vector", "stress", "strain", "stiffness", "compliance"];
const transforms: readonly Transform[][] = [[rotate()], [rotate90(), flip()], [flip(), rotate()]];
const cases = ([2, 3] as const).flatMap((size) => kinds.map((kind) => [kind, size] as const));

it.each(cases)("a %s in %d dimensions turns as its image does", (kind, size) => {
  for (const [i, list] of transforms.entries()) {
    const act = augment({ symmetry: { material: "isotropic" }, transforms: list, dimensions: size, target: kind });
    for (let seed = 0; seed < 6; seed++) {
      const given = numbers(width(kind, size), seed);
      const targets = array(Float64Array.from(given), { shape: [1, given.length] });
      const result = act({ inputs: coordinates(size), targets }, randomKey(10 * i + seed));
      const expected = turned(kind, mapOf(result.inputs, size), given);
      for (const [at, value] of expected.entries()) expect(result.targets.data[at]).toBeCloseTo(value, 12);
    }
  }
});

it.each(cases)("a field of a %s in %d dimensions moves and turns as its image does", (kind, size) => {
  const components = width(kind, size);
  // Linear in space, which interpolation keeps exactly: T(p) = A + B_x x + B_y y (+ B_z z).
  const parts = upTo(size + 1).map((part) => numbers(components, part));
  const field = (point: readonly number[]): number[] =>
    upTo(components).map((c) => parts[0]![c]! + sumOver(size, (i) => parts[i + 1]![c]! * point[i]!));
  const data = upTo(side ** size).flatMap((at) => field(pointOf(at, size)));
  const shape = [1, ...Array(size).fill(side), components];
  for (const [i, list] of transforms.entries()) {
    const options = { symmetry: { material: "isotropic" }, dimensions: size, target: kind, field: true } as const;
    const batch = { inputs: coordinates(size), targets: array(Float64Array.from(data), { shape }) };
    const result = augment({ ...options, transforms: list })(batch, randomKey(20 + i));
    const q = mapOf(result.inputs, size);
    for (const at of inner(size)) {
      const point = pointOf(at, size);
      const source = upTo(size).map((k) => sumOver(size, (j) => q[j]![k]! * point[j]!));
      for (const [c, value] of turned(kind, q, field(source)).entries()) {
        expect(result.targets.data[at * components + c]).toBeCloseTo(value, 11);
      }
    }
  }
});

it("reads off turns that are orthogonal and not all the same", () => {
  const act = augment({ symmetry: { material: "isotropic" }, transforms: [rotate()], dimensions: 3 });
  const maps = upTo(8).map((seed) =>
    mapOf(act({ inputs: coordinates(3), targets: zeros([1, 1]) }, randomKey(seed)).inputs, 3),
  );
  for (const q of maps) {
    for (const i of upTo(3)) {
      for (const j of upTo(3)) expect(sumOver(3, (k) => q[i]![k]! * q[j]![k]!)).toBeCloseTo(i === j ? 1 : 0, 12);
    }
  }
  expect(new Set(maps.map((q) => JSON.stringify(q))).size).toBe(8);
});

it("changes a row by its place in the whole batch, so that processes may share it", () => {
  const turn = augment({ symmetry: { material: "isotropic" }, transforms: [rotate90(), flip()], target: "vector" });
  const rows = 6;
  const inputs = array(numbers(rows * 9, 1), { shape: [rows, 3, 3, 1] });
  const targets = array(numbers(rows * 2, 2), { shape: [rows, 2] });
  const part = ({ shape, data, dtype }: HostArray, from: number, to: number): HostArray => {
    const width = data.length / rows;
    return { shape: [to - from, ...shape.slice(1)], dtype, data: data.slice(width * from, width * to) };
  };
  const whole = turn({ inputs, targets }, randomKey(5));
  for (const [from, to] of [
    [0, 2],
    [2, 5],
    [5, 6],
  ] as const) {
    const own = turn({ inputs: part(inputs, from, to), targets: part(targets, from, to) }, randomKey(5), from);
    expect(own).toEqual({ inputs: part(whole.inputs, from, to), targets: part(whole.targets, from, to) });
  }
  expect(turn.byRow).toBe(true);
});
