// Components of tensors under orthogonal maps against the index formula.
import { expect, it } from "vitest";
import { turnComponents } from "./components.ts";
import { type Matrix, planeRotation, product, reflection, transposed, voigtPairs } from "./orthogonal.ts";

const maps: readonly (readonly [string, Matrix])[] = [
  ["30 degrees in the plane", planeRotation(2, 0, 1, Math.PI / 6)],
  ["a mirror of y", reflection([false, true])],
  ["two turns in space", product(planeRotation(3, 0, 1, 0.4), planeRotation(3, 1, 2, -1.1))],
  ["a mirror in space", reflection([true, false, false])],
];

/** Q A Q^T of the full tensor, for stresses and, halving shears, strains. */
const byFormula = (map: Matrix, components: readonly number[], shear: number): number[] => {
  const size = map.length;
  const pairs = voigtPairs(size);
  const full = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [at, [i, j]] of pairs.entries()) {
    full[i]![j] = full[j]![i] = i === j ? components[at]! : components[at]! / shear;
  }
  const turned = product(product(map, full), transposed(map));
  return pairs.map(([i, j]) => turned[i]![j]! * (i === j ? 1 : shear));
};
const values = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => Math.sin(1 + 3 * i));

it.each(maps)("stress and strain, %s", (_, map) => {
  const count = map.length === 2 ? 3 : 6;
  for (const [kind, shear] of [
    ["stress", 1],
    ["strain", 2],
  ] as const) {
    const turned = values(count);
    turnComponents(kind, map, turned);
    for (const [i, expected] of byFormula(map, [...values(count)], shear).entries()) {
      expect(turned[i]).toBeCloseTo(expected, 12);
    }
  }
});

it.each(maps)("stiffness and compliance keep stress = C strain and the energy, %s", (_, map) => {
  const side = map.length === 2 ? 3 : 6;
  const stiffness = values(side * side);
  const strain = values(side);
  const times = (matrix: Float64Array, vector: Float64Array): Float64Array =>
    vector.map((_, i) => vector.reduce((sum, value, j) => sum + matrix[i * side + j]! * value, 0));
  const stress = times(stiffness, strain);
  turnComponents("stiffness", map, stiffness);
  turnComponents("strain", map, strain);
  const expected = stress.slice();
  turnComponents("stress", map, expected);
  for (const [i, value] of times(stiffness, strain).entries()) expect(value).toBeCloseTo(expected[i]!, 11);

  // The other way: a compliance takes a stress to a strain.
  const compliance = values(side * side);
  const load = values(side);
  const response = times(compliance, load);
  turnComponents("compliance", map, compliance);
  turnComponents("stress", map, load);
  turnComponents("strain", map, response);
  for (const [i, value] of times(compliance, load).entries()) expect(value).toBeCloseTo(response[i]!, 11);
});

it("the stiffness of an isotropic solid stays, that of a fibre composite exchanges its axes", () => {
  const isotropic = Float64Array.of(3, 1, 0, 1, 3, 0, 0, 0, 1);
  turnComponents("stiffness", planeRotation(2, 0, 1, 0.7), isotropic);
  for (const [i, value] of [3, 1, 0, 1, 3, 0, 0, 0, 1].entries()) expect(isotropic[i]).toBeCloseTo(value, 12);
  const fibres = Float64Array.of(100, 3, 0, 3, 10, 0, 0, 0, 5);
  turnComponents("stiffness", planeRotation(2, 0, 1, Math.PI / 2), fibres);
  expect([...fibres].map((value) => value + 0)).toEqual([10, 3, 0, 3, 100, 0, 0, 0, 5]);
});
