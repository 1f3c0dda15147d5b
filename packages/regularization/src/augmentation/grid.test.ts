// Grids turned and mirrored: where values go, what interpolation keeps, and fields that turn into themselves.
import { randomKey, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { augment } from "./augment.ts";
import { turnGrid } from "./grid.ts";
import { planeRotation } from "./orthogonal.ts";
import { flip, rotate90 } from "./transforms.ts";

const image = { spatial: [3, 3], channels: 1, values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };

it("turn by 90 degrees from x towards y, downwards", () => {
  // What pointed to the right points down.
  expect([...turnGrid(image, planeRotation(2, 0, 1, Math.PI / 2), "reflect").values]).toEqual([
    7, 4, 1, 8, 5, 2, 9, 6, 3,
  ]);
});

it("turn by interpolation to what quarter turns give, and hold constants", () => {
  const nearly = planeRotation(2, 0, 1, Math.PI / 2 + 1e-9);
  for (const [i, value] of [7, 4, 1, 8, 5, 2, 9, 6, 3].entries()) {
    expect(turnGrid(image, nearly, "reflect").values[i]).toBeCloseTo(value, 5);
  }
  const ones = { spatial: [4, 5, 6], channels: 2, values: new Float64Array(240).fill(1) };
  for (const beyond of ["reflect", "periodic"] as const) {
    for (const value of turnGrid(ones, planeRotation(3, 0, 2, 0.3), beyond).values) expect(value).toBeCloseTo(1, 12);
  }
});

it("a linear field of vectors turns into itself: image, grid and components agree", () => {
  // u(p) = p about the centre is isotropic: whatever turns it leaves it as it is.
  const size = 5;
  const field = zeros([1, size, size, 2], "f64");
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) field.data.set([x - 2, y - 2], (y * size + x) * 2);
  }
  for (const transform of [rotate90(), flip()]) {
    const turn = augment({
      symmetry: { material: "isotropic" },
      transforms: [transform],
      target: "vector",
      field: true,
    });
    for (let seed = 0; seed < 10; seed++) {
      const { targets } = turn({ inputs: zeros([1, size, size, 1]), targets: field }, randomKey(seed));
      expect([...targets.data].map((value) => value + 0)).toEqual([...field.data]);
    }
  }
});

it("refuse to exchange sides of different length, for transforms whose maps do not say so", () => {
  const wide = { spatial: [2, 3], channels: 1, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  expect(() => turnGrid(wide, planeRotation(2, 0, 1, Math.PI / 2), "reflect")).toThrow(
    "augment: a quarter turn exchanges axes of 2 and 3 points, though none of the maps of its transform does.",
  );
  expect([...turnGrid(wide, planeRotation(2, 0, 1, Math.PI), "reflect").values]).toEqual([6, 5, 4, 3, 2, 1]);
});
