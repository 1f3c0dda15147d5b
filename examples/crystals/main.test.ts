// Energies and forces of crystals against hand numbers and differences, and the study at small size.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { randomKey } from "@hooke/runtime";
import { afterAll, expect, it } from "vitest";
import { type Crystal, crystals, cutoff, known, pairEnergy } from "./lennard-jones.ts";

it("the potential is that of Lennard and Jones, but ends smoothly", () => {
  const bare = (r: number) => 4 * (r ** -12 - r ** -6);
  const slope = (r: number) => -24 * (2 * r ** -13 - r ** -7);
  expect(pairEnergy(0, 0, 1.1).energy).toBeCloseTo(bare(1.1) - bare(cutoff) - slope(cutoff) * (1.1 - cutoff), 12);
  expect(pairEnergy(0, 1, cutoff - 1e-6).energy).toBeCloseTo(0, 10);
  expect(pairEnergy(0, 1, cutoff - 1e-6).slope).toBeCloseTo(0, 4);
  const step = 1e-6;
  const difference = (pairEnergy(1, 1, 1 + step).energy - pairEnergy(1, 1, 1 - step).energy) / (2 * step);
  expect(pairEnergy(1, 1, 1).slope).toBeCloseTo(difference, 5);
});

it("two atoms apart have the energy of a pair, and forces along their line", () => {
  const far = [0, 1, 2].map((row) => [0, 1, 2].map((axis) => (row === axis ? 20 : 0)));
  const { energy, forces } = known(
    {
      atoms: ["Ar", "Kr"],
      positions: [
        [1, 1, 1],
        [2.2, 1, 1],
      ],
      cell: far,
    },
    [0, 1],
  );
  const pair = pairEnergy(0, 1, 1.2);
  expect(energy).toBeCloseTo(pair.energy, 12);
  expect(forces[0]![0]).toBeCloseTo(pair.slope, 12);
  expect(forces[1]![0]).toBeCloseTo(-pair.slope, 12);
});

it("forces are slopes of the cell's energy, also across its faces", () => {
  const [{ structure, kinds, forces }] = crystals(1, randomKey(3)) as [Crystal];
  for (const axis of [0, 1, 2]) {
    const energyAt = (shift: number): number => {
      const positions = structure.positions.map((place, atom) =>
        place.map((value, i) => (atom === 1 && i === axis ? value + shift : value)),
      );
      return known({ ...structure, positions }, kinds).energy;
    };
    expect(forces[1]![axis]).toBeCloseTo((energyAt(-1e-6) - energyAt(1e-6)) / 2e-6, 4);
    expect(forces.reduce((sum, force) => sum + force[axis]!, 0)).toBeCloseTo(0, 9);
  }
  const pairs = crystals(40, randomKey(5));
  expect(new Set(pairs.map((one) => one.kinds.length))).toEqual(new Set([4, 8]));
});

const folder = mkdtempSync(join(tmpdir(), "hooke-crystals-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a small network knows more than the composition, and where forces point", async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
  const [, network, composition] = /PaiNN ([\d.]+) .+composition alone ([\d.]+)/.exec(stdout)!;
  expect(Number(network)).toBeLessThan(Number(composition));
  expect(Number(/true ones ([\d.-]+)/.exec(stdout)![1])).toBeGreaterThan(0.8);
  expect(readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8")).toContain("Energies and forces of crystals");
});
