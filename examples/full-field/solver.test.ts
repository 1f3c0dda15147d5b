// The solver: against the closed form of laminates, another solver, and what holds of every solution.
import { wasmBackend } from "@hooke/backend-wasm";
import { homogenizer, lame, type Phase } from "@hooke/example-micrograph-cnn/homogenize.ts";
import { microstructures, morphologies } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { array, type HostArray } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { phases, strainOf, stressOf } from "./mechanics.ts";
import { fieldSolver } from "./solver.ts";

const side = 16;
const backend = wasmBackend();
const solve = fieldSolver(backend, { side, tolerance: 1e-10 });

const draw = microstructures(backend, { side, morphologies, fraction: [0.3, 0.7], waves: [1, 3] }, 0);
const drawn = await Promise.all([0, 1, 2].map(async (index) => [...(await draw(index)).stiff]));
const loads = [
  [1, 0, 0],
  [0.3, -0.5, 0.7],
  [0, 0, 0.5],
];
const f64 = (values: number[], shape: number[]): HostArray => array(Float64Array.from(values), { shape });
const solved = await solve(f64(drawn.flat(), [3, side, side]), f64(loads.flat(), [3, 3]));

/** Row `cell` of a field, pixel by pixel. */
const of = ({ data, shape }: HostArray, cell: number): Float64Array => {
  const size = data.length / shape[0]!;
  return (data as Float64Array).slice(cell * size, (cell + 1) * size);
};
const meanOf = (field: Float64Array, component: number, width = 3): number =>
  field.filter((_, i) => i % width === component).reduce((sum, value) => sum + value, 0) / (field.length / width);
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe("a laminate", () => {
  // Backus, J. Geophys. Res. 67, 1962: stresses across the layers and strains along them are uniform.
  const share = 0.25;
  const layers = Array.from({ length: side * side }, (_, i) => ((i % side) % 8 < 8 * share ? 1 : 0));
  const average = (value: (phase: Phase) => number): number =>
    (1 - share) * value(phases[0]) + share * value(phases[1]);
  const across = (phase: Phase): number => lame(phase).lambda + 2 * lame(phase).mu;

  it("across its layers has the uniform stress of the closed form, and piecewise linear displacements", async () => {
    const { displacement, stress } = await solve(f64(layers, [1, side, side]), f64([1, 0, 0], [1, 3]));
    const s11 = 1 / average((phase) => 1 / across(phase));
    const expected = layers.flatMap((stiff) => {
      const phase = phases[stiff]!;
      return [s11, (lame(phase).lambda / across(phase)) * s11, 0];
    });
    expect(farthest(stress.data, expected)).toBeLessThan(1e-9);
    // From corner to corner, what the strain of the layer between differs from the mean.
    const along = (x: number): number => displacement.data[2 * x]! as number;
    for (let x = 0; x < side - 1; x++) {
      expect(along(x + 1) - along(x)).toBeCloseTo((s11 / across(phases[layers[x]!]!) - 1) / side, 10);
    }
    expect(Math.abs(meanOf(displacement.data as Float64Array, 0, 2))).toBeLessThan(1e-12);
  });

  it("in shear has the harmonic mean of the phases", async () => {
    const { stress } = await solve(f64(layers, [1, side, side]), f64([0, 0, 0.5], [1, 3]));
    const s12 = 1 / average((phase) => 1 / lame(phase).mu);
    expect(
      farthest(
        stress.data,
        layers.flatMap(() => [0, 0, s12]),
      ),
    ).toBeLessThan(1e-9);
  });
});

it("has the stiffness of another solver, which finds strains alone", () => {
  const { stiffness } = homogenizer({ side, phases, tolerance: 1e-10 });
  for (const [cell, stiff] of drawn.entries()) {
    const [e11, e22, e12] = loads[cell] as [number, number, number];
    const means = stiffness(stiff).map((row) => row[0]! * e11 + row[1]! * e22 + row[2]! * 2 * e12);
    const stress = of(solved.stress, cell);
    expect(
      farthest(
        [0, 1, 2].map((component) => meanOf(stress, component)),
        means,
      ),
    ).toBeLessThan(1e-8);
  }
});

describe.each([0, 1, 2])("cell %i", (cell) => {
  const displacement = of(solved.displacement, cell);
  const stress = of(solved.stress, cell);
  const strain = strainOf(displacement, loads[cell]!, side);

  it("has the stresses that follow from its displacements", () => {
    expect(farthest(stressOf(strain, drawn[cell]!), stress)).toBeLessThan(1e-8);
  });

  it("is in balance: no virtual displacement of a corner does work", () => {
    for (const corner of [0, 5, side * side - 1]) {
      for (const axis of [0, 1]) {
        const virtual = new Float64Array(2 * side * side);
        virtual[2 * corner + axis] = 1;
        const gradient = strainOf(virtual, [0, 0, 0], side);
        const work = gradient.reduce((sum, value, i) => sum + (i % 3 === 2 ? 2 : 1) * value * stress[i]!, 0);
        expect(Math.abs(work)).toBeLessThan(1e-7);
      }
    }
  });

  it("stores the energy of its means (Hill and Mandel), which no other displacement makes less", () => {
    const energy = (strain: Float64Array): number => {
      const answer = stressOf(strain, drawn[cell]!);
      return strain.reduce((sum, value, i) => sum + (i % 3 === 2 ? 2 : 1) * value * answer[i]!, 0) / side ** 2;
    };
    const [e11, e22, e12] = loads[cell] as [number, number, number];
    const ofMeans = meanOf(stress, 0) * e11 + meanOf(stress, 1) * e22 + 2 * meanOf(stress, 2) * e12;
    expect(energy(strain)).toBeCloseTo(ofMeans, 8);
    const moved = displacement.map((value, i) => value + 1e-3 * Math.sin(i * i));
    expect(energy(strainOf(moved, loads[cell]!, side))).toBeGreaterThan(energy(strain));
    expect(
      energy(
        strainOf(
          displacement.map((value) => 0.99 * value),
          loads[cell]!,
          side,
        ),
      ),
    ).toBeGreaterThan(energy(strain));
  });
});

it("says so where nothing converges", async () => {
  const impossible = fieldSolver(backend, { side, tolerance: 1e-30 });
  await expect(impossible(f64(drawn[0]!, [1, side, side]), f64([1, 0, 0], [1, 3]))).rejects.toThrow(
    /fieldSolver: no balance after 1000 iterations; give a larger tolerance/,
  );
});
