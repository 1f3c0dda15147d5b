// The solver against closed forms: laminates, columns, phases alike in shear, a few spheres; and finer and finer voxels.
import { lame, type Phase } from "@hooke/example-micrograph-cnn/homogenize.ts";
import { describe, expect, it } from "vitest";
import { homogenizer, type Stiffness } from "./homogenize.ts";

const side = 8;
const phases: readonly [Phase, Phase] = [
  { modulus: 1, poisson: 0.4 },
  { modulus: 50, poisson: 0.2 },
];
const { stiffness, moduli } = homogenizer({ side, phases, tolerance: 1e-9 });

/** Voxels whose centre, in edges from 0 to 1, lies in a body. */
const voxels = (n: number, inside: (x: number, y: number, z: number) => boolean): Float32Array =>
  Float32Array.from({ length: n ** 3 }, (_, i) => {
    const [x, y, z] = [i % n, Math.floor(i / n) % n, Math.floor(i / n ** 2)].map((index) => (index + 0.5) / n);
    return inside(x!, y!, z!) ? 1 : 0;
  });
const scattered = (n: number): Float32Array =>
  Float32Array.from({ length: n ** 3 }, (_, i) => (Math.sin(i * i + 1) > 0.3 ? 1 : 0));

const share = (solid: Float32Array): number => solid.reduce((sum, value) => sum + value, 0) / solid.length;
const average = (fraction: number, of: (phase: Phase) => number, among = phases): number =>
  (1 - fraction) * of(among[0]) + fraction * of(among[1]);
const bulkOf = (phase: Phase): number => lame(phase).lambda + (2 / 3) * lame(phase).mu;
const meanBulk = (c: Stiffness): number =>
  [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => c[i]![j]!)).reduce((a, b) => a + b) / 9;

/** Of phases whose bulk moduli differ about a shear modulus: Hill's value with that of both, Hashin and Shtrikman's bounds with one's. */
const bulkWithShear = (fraction: number, shear: number, among = phases): number =>
  1 / average(fraction, (phase) => 1 / (bulkOf(phase) + (4 / 3) * shear), among) - (4 / 3) * shear;

const expectStiffness = (found: Stiffness, expected: Stiffness): void => {
  for (const [i, row] of expected.entries())
    for (const [j, value] of row.entries()) expect(found[i]![j]).toBeCloseTo(value, 6);
};

/** Isotropic about z. */
const aboutZ = (c11: number, c12: number, c13: number, c33: number, c44: number, c66: number): Stiffness => [
  [c11, c12, c13, 0, 0, 0],
  [c12, c11, c13, 0, 0, 0],
  [c13, c13, c33, 0, 0, 0],
  [0, 0, 0, c44, 0, 0],
  [0, 0, 0, 0, c44, 0],
  [0, 0, 0, 0, 0, c66],
];

describe("the effective stiffness", () => {
  it("of one material is that material's", () => {
    for (const [value, phase] of phases.entries()) {
      const { lambda, mu } = lame(phase);
      const solid = new Float32Array(side ** 3).fill(value);
      expectStiffness(stiffness(solid), aboutZ(lambda + 2 * mu, lambda, lambda, lambda + 2 * mu, mu, mu));
      expect(moduli([solid])[0]).toBeCloseTo(phase.modulus, 9);
    }
  });

  // Backus, J. Geophys. Res. 67, 1962: stresses across the layers and strains along them are uniform.
  it.each([0.25, 0.5, 0.875])("of layers across z with a share of %d is the closed form", (fraction) => {
    const layers = voxels(side, (_x, _y, z) => z < fraction);
    const across = (phase: Phase): number => lame(phase).lambda + 2 * lame(phase).mu;
    const ratio = average(fraction, (phase) => lame(phase).lambda / across(phase));
    const c33 = 1 / average(fraction, (phase) => 1 / across(phase));
    const inPlane = (own: (phase: Phase) => number): number =>
      average(fraction, (phase) => own(phase) - lame(phase).lambda ** 2 / across(phase)) + c33 * ratio ** 2;
    const [c11, c12, c13] = [inPlane(across), inPlane((phase) => lame(phase).lambda), c33 * ratio];
    const c44 = 1 / average(fraction, (phase) => 1 / lame(phase).mu);
    const c66 = average(fraction, (phase) => lame(phase).mu);
    expectStiffness(stiffness(layers), aboutZ(c11, c12, c13, c33, c44, c66));
    // Sideways free: the sides' strains are whatever takes their stress away.
    expect(moduli([layers])[0]).toBeCloseTo(c33 - (2 * c13 ** 2) / (c11 + c12), 6);
  });

  it("of columns along z with one Poisson's ratio has the mean modulus, and two volumes at once are as one by one", () => {
    const alike = [1, 50].map((modulus) => ({ modulus, poisson: 0.3 })) as [Phase, Phase];
    const solver = homogenizer({ side, phases: alike, tolerance: 1e-9 });
    const columns = voxels(side, (x, y) => Math.hypot(x - 0.5, y - 0.5) < 0.3 || (x < 0.2 && y > 0.7));
    const mixed = scattered(side);
    expect(solver.moduli([columns])[0]).toBeCloseTo(
      average(share(columns), ({ modulus }) => modulus, alike),
      6,
    );
    const [both, alone] = [
      solver.moduli([mixed, columns]),
      [mixed, columns].flatMap((solid) => solver.moduli([solid])),
    ];
    for (const [i, value] of both.entries()) expect(value).toBeCloseTo(alone[i]!, 9);
  });

  // Hill, J. Mech. Phys. Solids 11, 1963: with one shear modulus everywhere the geometry does not matter.
  it("of phases alike in shear is Hill's, whatever their geometry", () => {
    const alike = [0.1, 0.45].map((poisson) => ({ modulus: 2 * (1 + poisson), poisson })) as [Phase, Phase];
    const solid = voxels(16, (x, y, z) => Math.hypot(x - 0.5, y - 0.5, z - 0.5) < 0.4 || (x < 0.3 && y < 0.2));
    const found = homogenizer({ side: 16, phases: alike }).stiffness(solid);
    expect(meanBulk(found) / bulkWithShear(share(solid), 1, alike)).toBeCloseTo(1, 2);
    expect(found[3]![3]).toBeCloseTo(1, 6);
  });

  // Hashin and Shtrikman, J. Mech. Phys. Solids 11, 1963; few spheres are on the bound of their matrix (Eshelby, Proc. R. Soc. A 241, 1957).
  it("of a cubic array of spheres lies between the bounds, few stiff ones at the lower bound", () => {
    for (const [radius, least] of [
      [0.2, 0.97],
      [0.4, 0.6],
    ] as const) {
      const spheres = voxels(16, (x, y, z) => Math.hypot(x - 0.5, y - 0.5, z - 0.5) < radius);
      const bulk = meanBulk(homogenizer({ side: 16, phases, tolerance: 1e-4 }).stiffness(spheres));
      const [lower, upper] = phases.map((phase) => bulkWithShear(share(spheres), lame(phase).mu)) as [number, number];
      expect(bulk).toBeLessThan(upper);
      expect(bulk).toBeGreaterThan(lower);
      expect(lower / bulk).toBeGreaterThan(least);
    }
  });

  it("is symmetric, and gives the modulus along z by its inverse's zz", () => {
    const solid = scattered(side);
    const c = stiffness(solid);
    for (let i = 0; i < 6; i++) for (let j = 0; j < i; j++) expect(Math.abs(c[i]![j]! - c[j]![i]!)).toBeLessThan(1e-6);
    // Strains under a stress along z alone, by Gauss and Jordan.
    const rows = c.map((row, i) => [...row, i === 2 ? 1 : 0]);
    for (let k = 0; k < 6; k++) {
      rows[k] = rows[k]!.map((value) => value / rows[k]![k]!);
      for (let i = 0; i < 6; i++)
        if (i !== k) rows[i] = rows[i]!.map((value, j) => value - rows[i]![k]! * rows[k]![j]!);
    }
    expect(moduli([solid])[0]).toBeCloseTo(1 / rows[2]![6]!, 6);
  });

  it("of a cube in a soft matrix converges as voxels get finer", () => {
    const at = [4, 8, 16].map((n) => {
      const cube = voxels(n, (x, y, z) => x < 0.5 && y < 0.5 && z < 0.5);
      return homogenizer({ side: n, phases, tolerance: 1e-4 }).moduli([cube])[0]!;
    }) as [number, number, number];
    expect(Math.abs(at[2] - at[1])).toBeLessThan(0.7 * Math.abs(at[1] - at[0]));
    expect(Math.abs(at[2] / at[1] - 1)).toBeLessThan(0.03);
  });
});
