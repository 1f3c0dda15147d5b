// The solver against closed forms, the statistics against their definition, and the comparison on a few small microstructures.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { twoPointStatistics } from "@hooke/baselines";
import { renderReport } from "@hooke/report";
import { runDirectly } from "@hooke/sweep";
import { describe, expect, it } from "vitest";
import { complexGrid, fourierTransform } from "./fft.ts";
import { homogenizer, lame, meanModulus, type Phase } from "./homogenize.ts";
import { type Microstructure, microstructures, morphologies } from "./microstructure.ts";
import { phases } from "./phases.ts";
import { rows, studyReport } from "./report.ts";
import { type Settings, small, study } from "./study.ts";

const side = 32;
const draw = (index: number, seed = 0): Promise<Microstructure> => {
  const ensemble = { side, morphologies, fraction: [0.3, 0.7], waves: [2, 4] } as const;
  return microstructures(wasmBackend(), ensemble, seed)(index);
};
const average = (fraction: number, of: (phase: Phase) => number): number =>
  (1 - fraction) * of(phases[0]) + fraction * of(phases[1]);

it("the Fourier transform is the sum it stands for, and its inverse undoes it", () => {
  const grid = complexGrid(8);
  for (let i = 0; i < 64; i++) [grid.re[i], grid.im[i]] = [Math.sin(i * i), Math.cos(3 * i)];
  const [re, im] = [grid.re.slice(), grid.im.slice()];
  const { forward, inverse } = fourierTransform(8);
  forward(grid);
  for (const [ky, kx] of [
    [0, 0],
    [1, 0],
    [3, 5],
    [4, 4],
  ] as const) {
    let sum = 0;
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        const angle = (-2 * Math.PI * (ky * y + kx * x)) / 8;
        sum += re[y * 8 + x]! * Math.cos(angle) - im[y * 8 + x]! * Math.sin(angle);
      }
    }
    expect(grid.re[ky * 8 + kx]).toBeCloseTo(sum, 12);
  }
  inverse(grid);
  expect(Math.max(...grid.re.map((value, i) => Math.abs(value - re[i]!)))).toBeLessThan(1e-14);
  expect(Math.max(...grid.im.map((value, i) => Math.abs(value - im[i]!)))).toBeLessThan(1e-14);
});

describe("the effective stiffness", () => {
  const { stiffness } = homogenizer({ side, phases, tolerance: 1e-9 });

  // Backus, J. Geophys. Res. 67, 1962: stresses across the layers and strains along them are uniform.
  it.each([0.125, 0.5, 0.875])("of a laminate with a share of %d is the closed form", (fraction) => {
    const layers = Float32Array.from({ length: side * side }, (_, i) => ((i % side) % 8 < 8 * fraction ? 1 : 0));
    const across = (phase: Phase): number => lame(phase).lambda + 2 * lame(phase).mu;
    const ratio = average(fraction, (phase) => lame(phase).lambda / across(phase));
    const c11 = 1 / average(fraction, (phase) => 1 / across(phase));
    const c22 =
      average(fraction, (phase) => across(phase) - lame(phase).lambda ** 2 / across(phase)) + c11 * ratio ** 2;
    const c33 = 1 / average(fraction, (phase) => 1 / lame(phase).mu);
    const found = stiffness(layers);
    for (const [i, row] of [
      [c11, c11 * ratio, 0],
      [c11 * ratio, c22, 0],
      [0, 0, c33],
    ].entries()) {
      for (const [j, expected] of row.entries()) expect(found[i]![j]).toBeCloseTo(expected, 7);
    }
  });

  // Hill, J. Mech. Phys. Solids 12, 1964: with one shear modulus everywhere the geometry does not matter.
  it("of phases alike in shear is Hill's, whatever their geometry", async () => {
    const shear = 1;
    const alike = [0.1, 0.45].map((poisson) => ({ modulus: 2 * shear * (1 + poisson), poisson })) as [Phase, Phase];
    const { stiff, fraction } = await draw(0);
    const [[c11, c12], [, c22], [, , c33]] = homogenizer({ side, phases: alike, tolerance: 1e-9 }).stiffness(stiff) as [
      number[],
      number[],
      number[],
    ];
    const bulk = alike.map(lame).map(({ lambda, mu }) => lambda + mu);
    const expected = 1 / ((1 - fraction) / (bulk[0]! + shear) + fraction / (bulk[1]! + shear)) - shear;
    expect((c11! + c22! + 2 * c12!) / 4 / expected).toBeCloseTo(1, 3);
    expect(c33).toBeCloseTo(shear, 6);
  });

  it("is symmetric, turns with the image, and its mean modulus does not", async () => {
    const { stiff } = await draw(1);
    const turned = Float32Array.from({ length: side * side }, (_, i) => {
      const [y, x] = [Math.floor(i / side), i % side];
      return stiff[x * side + (side - 1 - y)]!;
    });
    const [found, after] = [stiffness(stiff), stiffness(turned)];
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      expect(Math.abs(found[i]![j]! - found[j]![i]!)).toBeLessThan(1e-6);
    }
    expect(after[0]![0]).toBeCloseTo(found[1]![1]!, 6);
    expect(after[1]![1]).toBeCloseTo(found[0]![0]!, 6);
    expect(meanModulus(after)).toBeCloseTo(meanModulus(found), 6);
  });

  it("lies between the bounds of Reuss and Voigt", async () => {
    for (const index of [2, 3, 4]) {
      const { stiff, fraction } = await draw(index);
      const c33 = stiffness(stiff)[2]![2]!;
      expect(c33).toBeGreaterThan(1 / average(fraction, (phase) => 1 / lame(phase).mu));
      expect(c33).toBeLessThan(average(fraction, (phase) => lame(phase).mu));
    }
  });

  it("comes of strains whose mean is the load, uniform along layers and, across them, as the phases are soft", () => {
    const layers = Float32Array.from({ length: side * side }, (_, i) => (i % side < side / 2 ? 1 : 0));
    const across = phases.map((phase) => lame(phase).lambda + 2 * lame(phase).mu);
    const mean = 2 / (1 / across[0]! + 1 / across[1]!);
    const found = homogenizer({ side, phases, tolerance: 1e-9 }).strain(layers);
    found.forEach((value, i) => void expect(value).toBeCloseTo(mean / across[layers[i]!]!, 6));
  });

  it("of one material is that material's", () => {
    const found = stiffness(new Float32Array(side * side).fill(1));
    expect(found[0]![0]).toBeCloseTo(lame(phases[1]).lambda + 2 * lame(phases[1]).mu, 9);
    expect(meanModulus(found)).toBeCloseTo(phases[1].modulus, 9);
  });
});

it("two-point statistics start at the volume fraction and forget which phase is which", async () => {
  const { stiff, fraction } = await draw(5);
  const of = async (image: Float32Array) =>
    (await twoPointStatistics({ shape: [1, side, side], dtype: "f32", data: image })).values.data;
  const [found, negative] = [await of(stiff), await of(stiff.map((value) => 1 - value))];
  expect(found[0]).toBeCloseTo(fraction, 12);
  found.forEach((value, length) => void expect(negative[length]).toBeCloseTo(1 - 2 * fraction + value, 12));
});

it("the same seed and index draw the same microstructure, another seed another one", async () => {
  const [first, again, other] = [await draw(7), await draw(7), await draw(7, 1)];
  expect(again).toEqual(first);
  expect(other.stiff).not.toEqual(first.stiff);
});

it("draws, trains, prints and reports everything", async () => {
  const settings: Settings = {
    ...small,
    sizes: { train: 16, validation: 8, test: 8 },
    statisticsEpochs: 2,
    epochs: 1,
    scarce: { train: [8], views: 8, seeds: [0] },
  };
  const results = await study(wasmBackend(), settings, runDirectly, () => () => {});
  const printed = rows(settings, results).join("\n");
  expect(printed).toContain("from 16 that were");
  expect(printed).toMatch(/declared isotropic, but the correlation length is/);
  expect(printed).toMatch(/^augment: rotate90 is not allowed for data declared transversely isotropic about x/m);
  const { title, figures } = studyReport(settings, results, 1);
  const page = await renderReport({ title, figures: figures! });
  expect(page).toContain("Effective modulus of two-phase microstructures");
  // A picture of each morphology, and a map of strains on both sides of their mean.
  expect(page.match(/data:image\/png/g)).toHaveLength(4);
  expect(page).toContain("Blue is below 0, brown above.");
});

const isFull = process.env.HOOKE_TESTS === "full";
const skipped = isFull ? "" : " (skipped: claims of studies that train for minutes need HOOKE_TESTS=full)";

it.skipIf(!isFull)(
  `shows what images know and what augmentation buys${skipped}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "hooke-micrograph-"));
    try {
      const main = fileURLToPath(new URL("main.ts", import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
      const score = (label: string): number => Number(new RegExp(`^${label} +(-?[\\d.]+)`, "m").exec(stdout)![1]);
      const image = score("image");
      expect(image).toBeGreaterThan(0.95);
      for (const rival of ["volume fraction", "two-point statistics"]) {
        expect(score(rival), rival).toBeGreaterThan(0.7);
        expect(score(rival), rival).toBeLessThan(image - 0.04);
      }
      expect(score("turned, mirrored and moved")).toBeGreaterThan(score("as they are") + 0.02);
      expect(score("symmetric network, moved")).toBeGreaterThan(score("as they are") + 0.02);
      expect(stdout).toContain(`from ${small.sizes.train} that were`);
      const page = readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8");
      expect(page).toContain("Effective modulus of two-phase microstructures");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  240_000,
);
