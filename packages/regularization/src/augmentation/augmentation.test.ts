// Augmentation: what each declared symmetry allows, tensors against the index formula, grids, and the statistics of the draws.
import { array, type HostArray, randomKey, sizeOf, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type AugmentOptions, augment } from "./augment.ts";
import { type TargetKind, turnComponents } from "./components.ts";
import { turnGrid } from "./grid.ts";
import { checkIsotropy } from "./isotropy.ts";
import { cutmix, mixup } from "./mix.ts";
import { type Matrix, planeRotation, product, reflection, transposed, voigtPairs } from "./orthogonal.ts";
import { randomStream } from "./random.ts";
import type { MaterialSymmetry } from "./symmetry.ts";
import { adjustIntensity, flip, rotate, rotate90, type Transform, translate } from "./transforms.ts";

describe("the declared symmetry decides", () => {
  const allowed = (material: MaterialSymmetry, transform: Transform, dimensions: 2 | 3 = 2): boolean => {
    try {
      augment({ symmetry: { material }, transforms: [transform], dimensions });
      return true;
    } catch (error) {
      expect((error as Error).message).toMatch(
        /^augment: \w+ is not allowed for data declared .*: it .*\. A sample changed/,
      );
      return false;
    }
  };
  const along = (axis: "x" | "y" | "z"): MaterialSymmetry => ({ transverselyIsotropic: axis });

  it.each<[string, MaterialSymmetry, Transform, 2 | 3, boolean]>([
    ["isotropic: quarter turns", "isotropic", rotate90(), 2, true],
    ["isotropic: any turn", "isotropic", rotate(), 3, true],
    ["isotropic: mirrors", "isotropic", flip(), 2, true],
    ["fibres along x: quarter turns", along("x"), rotate90(), 2, false],
    ["fibres along x: any turn", along("x"), rotate(), 2, false],
    ["fibres along x: mirrors", along("x"), flip(), 2, true],
    ["a section across the fibres: any turn", along("z"), rotate(), 2, true],
    ["fibres along z in a volume: turns about z", along("z"), rotate({ plane: "xy" }), 3, true],
    ["fibres along z in a volume: turns about x", along("z"), rotate90({ plane: "yz" }), 3, false],
    ["fibres along z in a volume: turns in any plane", along("z"), rotate90(), 3, false],
    ["orthotropic: quarter turns", "orthotropic", rotate90(), 2, false],
    ["orthotropic: mirrors", "orthotropic", flip(), 3, true],
    ["none: mirrors", "none", flip(), 2, false],
    ["none: mirrors of one axis", "none", flip({ axes: ["x"] }), 2, false],
  ])("%s", (_, material, transform, dimensions, expected) => {
    expect(allowed(material, transform, dimensions)).toBe(expected);
  });

  it("over shifts and intensities", () => {
    const make = (symmetry: object, transform: Transform) => () =>
      augment({ symmetry: { material: "none", ...symmetry } as never, transforms: [transform] });
    expect(make({}, translate())).toThrow("declare periodic: true if they do");
    expect(make({ periodic: true }, translate())).not.toThrow();
    expect(make({}, adjustIntensity({ gain: 0.1 }))).toThrow('Declare intensity: "uncalibrated"');
    expect(make({ intensity: "uncalibrated" }, adjustIntensity({ gain: 0.1 }))).not.toThrow();
  });

  it.each<[unknown, RegExp]>([
    [{ transforms: [flip()] }, /option "symmetry" is missing/],
    [
      { symmetry: { material: "cubic" }, transforms: [flip()] },
      /received the material symmetry "cubic"; expected "isotropic"/,
    ],
    [{ symmetry: { material: "isotropic" }, transforms: [] }, /expected a list of transforms/],
    [{ symmetry: { material: "isotropic" }, transforms: [flip()], target: "strss" }, /expected one of scalar, vector/],
    [{ symmetry: { material: "isotropic" }, transforms: [flip({ axes: ["z"] })] }, /mirrors the axis z/],
    [{ symmetry: { material: "isotropic" }, transforms: [rotate({ plane: "xz" })] }, /turns in the plane xz/],
  ])("bad options %#", (options, message) => {
    expect(() => augment(options as AugmentOptions)).toThrow(message);
  });
});

describe("components turn with the axes", () => {
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
});

describe("grids", () => {
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

  it("refuse to exchange sides of different length", () => {
    const turn = augment({ symmetry: { material: "isotropic" }, transforms: [rotate90()] });
    const run = () => {
      for (let seed = 0; seed < 20; seed++)
        turn({ inputs: zeros([1, 2, 3, 1]), targets: zeros([1, 1]) }, randomKey(seed));
    };
    expect(run).toThrow(/exchanges axes of [23] and [23] points/);
  });
});

describe("draws", () => {
  const images = array([
    [
      [[1], [2]],
      [[3], [4]],
    ],
  ]);
  const targets = zeros([1, 1]);

  it("are decided by the key, and reach every element of the square's group equally often", () => {
    const square = augment({ symmetry: { material: "isotropic" }, transforms: [rotate90(), flip()] });
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 4000; seed++) {
      const { inputs } = square({ inputs: images, targets }, randomKey(seed));
      expect(square({ inputs: images, targets }, randomKey(seed)).inputs.data).toEqual(inputs.data);
      counts.set(inputs.data.join(), (counts.get(inputs.data.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(8);
    // Binomial with 4000 draws of 1/8: standard deviation 21.
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it("leave the batch they were given alone", () => {
    const all = augment({
      symmetry: { material: "isotropic", periodic: true, intensity: "uncalibrated" },
      transforms: [flip(), translate(), adjustIntensity({ gain: 0.5, offset: 1, noise: 0.1 })],
    });
    const before = [...images.data];
    const { inputs } = all({ inputs: images, targets }, randomKey(3));
    expect([...images.data]).toEqual(before);
    expect([...inputs.data]).not.toEqual(before);
  });

  it("have the moments of their distributions", () => {
    const random = randomStream(randomKey(5));
    const moments = (draw: () => number) => {
      const values = Array.from({ length: 20_000 }, draw);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
    };
    const normal = moments(() => random.normal());
    expect(Math.abs(normal.mean)).toBeLessThan(0.03);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.05);
    for (const [a, b] of [
      [0.2, 0.2],
      [1, 1],
      [2, 5],
    ] as const) {
      const { mean, variance } = moments(() => random.beta(a, b));
      expect(Math.abs(mean - a / (a + b))).toBeLessThan(0.01);
      expect(Math.abs(variance - (a * b) / ((a + b) ** 2 * (a + b + 1)))).toBeLessThan(0.005);
    }
  });

  it("mixup blends inputs and targets alike; cutmix blends targets by area", () => {
    const inputs: HostArray = { shape: [4, 8, 8, 1], dtype: "f32", data: new Float32Array(256) };
    for (let row = 0; row < 4; row++) inputs.data.fill(row, row * 64, (row + 1) * 64);
    const labels = array([[0], [1], [2], [3]]);
    const blended = mixup()({ inputs, targets: labels }, randomKey(2));
    for (let row = 0; row < 4; row++) expect(blended.inputs.data[row * 64]).toBeCloseTo(blended.targets.data[row]!, 5);
    const pasted = cutmix()({ inputs, targets: labels }, randomKey(4));
    for (let row = 0; row < 4; row++) {
      const pixels = Array.from(pasted.inputs.data.subarray(row * 64, (row + 1) * 64));
      const mean = pixels.reduce((sum, value) => sum + value, 0) / 64;
      expect(pasted.targets.data[row]).toBeCloseTo(mean, 5);
    }
    expect(() => mixup({ alpha: 0 })).toThrow("mixup: received alpha 0; expected a number above 0.");
  });
});

describe("checkIsotropy", () => {
  /** Noise averaged over `wide` points along x and `high` along y: autocorrelation 1 - lag / width along each, exactly so in the mean. */
  function noise(count: number, side: number, wide: number, high: number): HostArray {
    const random = randomStream(randomKey(11));
    const images = zeros([count, side, side, 1], "f64");
    for (let image = 0; image < count; image++) {
      const raw = Array.from({ length: side * side }, () => random.normal());
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          let sum = 0;
          for (let dy = 0; dy < high; dy++) {
            for (let dx = 0; dx < wide; dx++) sum += raw[((y + dy) % side) * side + ((x + dx) % side)]!;
          }
          images.data[(image * side + y) * side + x] = sum;
        }
      }
    }
    return images;
  }

  it("measures correlation lengths and accepts isotropic images", () => {
    const report = checkIsotropy(noise(40, 48, 4, 4), { periodic: true });
    expect(report.isotropic).toBe(true);
    expect(report.warnings).toEqual([]);
    // 1 + 3/4 + 2/4 + 1/4, less a little for the mean of each image.
    for (const length of report.comparisons[0]!.lengths) expect(Math.abs(length - 2.5)).toBeLessThan(0.25);
  });

  it("warns of stretched images that are declared isotropic, and only of these", () => {
    const images = noise(40, 48, 6, 3);
    const { isotropic, warnings, comparisons } = checkIsotropy(images, { periodic: true });
    expect(isotropic).toBe(false);
    expect(comparisons[0]!.pValue).toBeLessThan(0.001);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^The images are declared isotropic, but the correlation length is 3\.\d+ along x and [12]\.\d+ along y/,
    );
    expect(checkIsotropy(images, { declared: { transverselyIsotropic: "x" } }).warnings).toEqual([]);
    expect(checkIsotropy(images, { declared: "orthotropic", periodic: true }).warnings).toEqual([]);
  });

  it("sees structure along a diagonal", () => {
    const straight = noise(30, 32, 5, 1);
    const sheared = zeros(straight.shape, "f64");
    for (let image = 0; image < 30; image++) {
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) {
          sheared.data[(image * 32 + y) * 32 + x] = straight.data[(image * 32 + x) * 32 + ((y + x) % 32)]!;
        }
      }
    }
    expect(checkIsotropy(sheared, { periodic: true }).isotropic).toBe(false);
  });

  it("hints at unused symmetry", () => {
    const { warnings } = checkIsotropy(noise(40, 48, 4, 4), { periodic: true, declared: "orthotropic" });
    expect(warnings[0]).toMatch(/declared orthotropic, but no two of the compared directions differ/);
  });

  it("looks at volumes", () => {
    const random = randomStream(randomKey(1));
    const volumes = zeros([12, 8, 8, 8, 1]);
    // Layers across z: constant in their plane up to a little noise.
    for (let i = 0; i < sizeOf([12, 8]); i++) {
      const layer = random.normal();
      for (let p = 0; p < 64; p++) volumes.data[i * 64 + p] = layer + 0.3 * random.normal();
    }
    const { comparisons, warnings } = checkIsotropy(volumes, { declared: { transverselyIsotropic: "z" } });
    expect(comparisons.filter(({ differ }) => differ).map(({ directions }) => directions.join(" "))).toEqual(
      expect.arrayContaining(["x z", "y z"]),
    );
    expect(warnings).toEqual([]);
    expect(checkIsotropy(volumes).warnings.length).toBeGreaterThan(0);
  });

  it("refuses too few images and flat ones", () => {
    expect(() => checkIsotropy(noise(4, 16, 2, 2))).toThrow(/received 4 images/);
    expect(() => checkIsotropy(zeros([12, 8, 8, 1]))).toThrow("checkIsotropy: image 0 has no contrast; leave it out.");
    expect(() => checkIsotropy(zeros([8, 8]))).toThrow(/expected \[count, y, x, channels\]/);
  });
});

// Every kind of target has as many components as its matrices say.
const kinds: readonly TargetKind[] = ["vector", "stress", "strain", "stiffness", "compliance"];
it.each(kinds)("targets of the wrong width are refused: %s", (target) => {
  const turn = augment({ symmetry: { material: "isotropic" }, transforms: [flip()], target });
  expect(() => turn({ inputs: zeros([1, 4, 4, 1]), targets: zeros([1, 4]) }, randomKey(0))).toThrow(
    new RegExp(`a ${target} in 2 dimensions has \\d components`),
  );
});
