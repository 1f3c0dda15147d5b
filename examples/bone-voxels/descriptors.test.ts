// Descriptors of bodies whose thickness and anisotropy are known, and the regression on them.
import { wasmBackend } from "@hooke/backend-wasm";
import { describe, expect, it } from "vitest";
import { anisotropy, localThickness, morphometry } from "./descriptors.ts";
import { leastSquares } from "./regression.ts";
import { trabeculae } from "./trabeculae.ts";

const side = 16;
const body = (inside: (x: number, y: number, z: number) => boolean): Float32Array =>
  Float32Array.from({ length: side ** 3 }, (_, i) =>
    inside(i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)) ? 1 : 0,
  );

describe("Tb.Th", () => {
  it.each([1, 2, 3, 4, 7])("of plates of %d voxels is that, wherever they begin", (thickness) => {
    for (const plates of [body((x) => x < thickness), body((_x, _y, z) => (z + 5) % side < thickness)]) {
      expect(morphometry(side)(plates).thickness).toBe(thickness);
      expect(morphometry(side)(plates).fraction).toBe(thickness / side);
    }
  });

  it.each([4, 5, 6, 7, 8, 11])(
    "of round rods of diameter %d is that, but for the steps of voxels, which take away up to 1.8 of them",
    (diameter) => {
      const centre = diameter % 2 === 0 ? 7.5 : 8;
      const { thickness } = morphometry(side)(body((_x, y, z) => Math.hypot(y - centre, z - centre) < diameter / 2));
      expect(thickness).toBeGreaterThan(diameter - 1.8);
      expect(thickness).toBeLessThanOrEqual(diameter);
    },
  );

  it("tells a thick part from a thin one", () => {
    const found = localThickness(side)(body((x, y) => x < 6 || (y < 2 && x < 14)));
    expect([found[(8 * side + 8) * side + 3], found[8 * side * side + 11], found[(8 * side + 8) * side + 9]]).toEqual([
      6, 2, 0,
    ]);
  });
});

describe("DA", () => {
  const mean = async (aspect: number): Promise<number> => {
    const ensemble = { side: 32, fraction: [0.3, 0.3], waves: [2, 2], aspect: [aspect, aspect], rods: [0, 1] } as const;
    const draw = trabeculae(wasmBackend(), ensemble, 0);
    const found = await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => anisotropy((await draw(index)).bone, 32)));
    return found.reduce((sum, value) => sum + value, 0) / found.length;
  };

  it("of what has no direction is near 1, and of that stretched along z by 2 near 2", async () => {
    const [alike, stretched] = [await mean(1), await mean(2)];
    expect(alike).toBeGreaterThan(1);
    expect(alike).toBeLessThan(1.25);
    expect(stretched).toBeGreaterThan(1.6);
    expect(stretched).toBeLessThan(2.2);
  });

  it("of a cube's array is 1, and of plates without end", () => {
    expect(
      anisotropy(
        body((x, y, z) => Math.max(x, y, z) < 7),
        side,
      ),
    ).toBeCloseTo(1, 9);
    expect(
      anisotropy(
        body((x) => x < 5),
        side,
      ),
    ).toBe(Infinity);
  });

  it("is refused, as all of morphometry, where there is but one phase", () => {
    const measure = morphometry(side);
    expect(() => measure(body(() => false))).toThrow("morphometry: received no bone; give a volume of both.");
    expect(() => measure(body(() => true))).toThrow("nothing but bone");
  });
});

it("structures have the share of bone that is asked for, and the same seed and index draws the same", async () => {
  const ensemble = { side, fraction: [0.25, 0.25], waves: [1, 1.5], aspect: [1, 2], rods: [0, 1] } as const;
  const [first, again] = [
    await trabeculae(wasmBackend(), ensemble, 3)(1),
    await trabeculae(wasmBackend(), ensemble, 3)(1),
  ];
  expect(again).toEqual(first);
  expect(morphometry(side)(first.bone).fraction).toBe(0.25);
});

it("least squares find the coefficients of a plane, and refuse columns that depend on each other", () => {
  const rows = Array.from({ length: 9 }, (_, i) => [1, i, Math.sin(i)]);
  const values = rows.map(([, a, b]) => 3 - 2 * a! + 0.5 * b!);
  for (const [i, value] of leastSquares(rows, values).entries()) expect(value).toBeCloseTo([3, -2, 0.5][i]!, 12);
  // What no plane meets, it leaves at right angles.
  const rest = leastSquares([[1], [1], [1]], [1, 2, 6]);
  expect(rest[0]).toBeCloseTo(3, 12);
  expect(() =>
    leastSquares(
      rows.map(([, a]) => [a!, 2 * a!]),
      values,
    ),
  ).toThrow("leastSquares: column 1 depends on those before it");
});
