// Statistics of images against closed forms: boards, stripes, noise, disks; their definition, pair by pair; and in three dimensions.
import { wasmBackend } from "@hooke/backend-wasm";
import { columnNames, columnOf, dataset } from "@hooke/data";
import { array, type HostArray, randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { randomFrom } from "../method/random.ts";
import { samplesOf } from "../method/samples.ts";
import { imageStatistics } from "./image-statistics.ts";
import { imagePixels, imageTable, pixelColumns } from "./image-table.ts";
import { powerSpectra, twoPointStatistics } from "./two-point-statistics.ts";

const backend = wasmBackend();

const imageOf = (shape: readonly number[], value: (...place: number[]) => number): HostArray => {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Float64Array.from({ length: size }, (_, index) => {
    const place: number[] = [];
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      place.unshift(rest % shape[axis]!);
      rest = Math.floor(rest / shape[axis]!);
    }
    return value(...place);
  });
  return { shape: [1, ...shape], dtype: "f64", data };
};

const board = imageOf([12, 18], (y, x) => (y + x) % 2);
const noise = (shape: readonly number[], share: number): HostArray => {
  const random = randomFrom(randomKey(0), "noise");
  return imageOf(shape, () => (random.uniform() < share ? 1 : 0));
};

describe("two-point statistics", () => {
  it("of a checkerboard alternate along an axis between its fraction and 0", async () => {
    const { at, values } = await twoPointStatistics(board, { average: 1, pixel: 0.5, backend });
    expect(Array.from(at)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
    values.data.forEach((value, r) => void expect(value).toBeCloseTo(r % 2 === 0 ? 0.5 : 0, 12));
  });

  it("of noise are its fraction, then the square of it", async () => {
    const { values } = await twoPointStatistics(noise([64, 64], 0.3), { backend });
    expect(values.data[0]).toBeCloseTo(0.3, 1);
    const far = values.data[0]! ** 2;
    for (const value of values.data.subarray(2)) expect(Math.abs(value - far)).toBeLessThan(0.01);
  });

  it("of disks that do not touch are what they overlap by when they are moved", async () => {
    // Two disks of radius R at a distance r share 2 R^2 acos(r / 2R) - r/2 sqrt(4 R^2 - r^2).
    const radius = 20;
    const side = 96;
    const disk = imageOf([side, side], (y, x) => ((y - 48) ** 2 + (x - 48) ** 2 < radius ** 2 ? 1 : 0));
    const { values } = await twoPointStatistics(disk, { average: 0, backend });
    for (const r of [0, 5, 10, 20, 30, 39]) {
      const overlap = 2 * radius ** 2 * Math.acos(r / (2 * radius)) - (r / 2) * Math.sqrt(4 * radius ** 2 - r ** 2);
      expect(Math.abs(values.data[r]! - overlap / side ** 2)).toBeLessThan(0.004 * (radius / 10));
    }
    expect(values.data[42]).toBeCloseTo(0, 12);
  });

  it.each([
    { shape: [7, 10], periodic: true },
    { shape: [7, 10], periodic: false },
    { shape: [4, 5, 6], periodic: true },
    { shape: [4, 5, 6], periodic: false },
  ])("of $shape, periodic $periodic, are the mean over all pairs", async ({ shape, periodic }) => {
    const image = noise(shape, 0.5);
    const most = 2;
    for (const average of ["radial", 0, shape.length - 1] as const) {
      const sums = new Float64Array(most + 1);
      const counts = new Float64Array(most + 1);
      const steps = shape.map((size) => Array.from({ length: size }, (_, i) => i));
      const places = steps.reduce<number[][]>(
        (all, axis) => all.flatMap((place) => axis.map((i) => [...place, i])),
        [[]],
      );
      const indexOf = (place: readonly number[]) => place.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
      for (const from of places) {
        for (const to of places) {
          const move = to.map((i, axis) => {
            const d = Math.abs(i - from[axis]!);
            return periodic ? Math.min(d, shape[axis]! - d) : d;
          });
          if (average !== "radial" && move.some((d, axis) => axis !== average && d > 0)) continue;
          const distance = Math.round(Math.hypot(...move));
          if (distance > most) continue;
          sums[distance]! += image.data[indexOf(from)]! * image.data[indexOf(to)]!;
          counts[distance]!++;
        }
      }
      const { values } = await twoPointStatistics(image, { average, periodic, most });
      values.data.forEach((value, r) => void expect(value).toBeCloseTo(sums[r]! / counts[r]!, 12));
    }
  });

  it("refuse what has none", async () => {
    await expect(twoPointStatistics(array([[1, 2]]))).rejects.toThrow("[images, height, width]");
    await expect(twoPointStatistics(board, { average: 2 })).rejects.toThrow("0 to 1");
    await expect(twoPointStatistics(board, { most: 7 })).rejects.toThrow("end at 6 pixels");
    await expect(twoPointStatistics(array([[[1, Number.NaN]]]))).rejects.toThrow("finite");
    await expect(powerSpectra(board, { pixels: 1 } as object)).rejects.toThrow('"pixel"');
  });
});

describe("power spectra", () => {
  it("of a wave have its power at its frequency", async () => {
    const wave = imageOf([32, 32], (_, x) => 5 + 3 * Math.cos((2 * Math.PI * 4 * x) / 32));
    const { at, values } = await powerSpectra(wave, { average: 1, pixel: 0.5, backend });
    expect(at[4]).toBeCloseTo(4 / 16, 12);
    // 3^2 / 2, half of it on either side of the origin.
    values.data.forEach((value, f) => void expect(value).toBeCloseTo(f === 4 ? 9 / 4 : 0, 10));
  });

  it("of noise are even, and their sum is the variance", async () => {
    const image = noise([16, 16, 16], 0.5);
    const { values } = await powerSpectra(image, { backend });
    const mean = Array.from(image.data).reduce((sum, value) => sum + value, 0) / image.data.length;
    const variance = mean * (1 - mean);
    expect(values.data[0]).toBeLessThan(1e-12);
    for (const value of values.data.subarray(3)) expect(value / (variance / 16 ** 3)).toBeCloseTo(1, 0);
  });

  it("of a board peak where rows and columns alternate", async () => {
    const { values } = await powerSpectra(
      imageOf([16, 16], (y, x) => (y + x) % 2),
      { average: 0 },
    );
    expect(Math.max(...values.data)).toBeLessThan(1e-12);
  });
});

it("a table of images has moments and correlations by name, and the targets", async () => {
  const image = imageOf([16, 16], (_, x) => (x % 4 < 2 ? 1 : 0));
  const inputs: HostArray = {
    shape: [2, 16, 16, 1],
    dtype: "f64",
    data: Float64Array.from([...image.data, ...new Float64Array(256).fill(3)]),
  };
  const data = dataset({ inputs, targets: array([2, 7]), targetNames: ["modulus"], dtype: "f64" });
  const table = await imageStatistics(data, { backend });
  const cell = (name: string, row: number) => columnOf(table, name).values[row] as number;
  expect(cell("mean", 0)).toBeCloseTo(0.5, 12);
  expect(cell("deviation", 0)).toBeCloseTo(0.5, 12);
  expect(cell("correlation 2 px across", 0)).toBeCloseTo(-1, 10);
  expect(cell("correlation 1 px across", 0)).toBeCloseTo(0, 10);
  expect(cell("correlation 8 px down", 0)).toBeCloseTo(1, 10);
  expect(cell("correlation at 1 px", 1)).toBe(0);
  expect(columnNames(table).at(-1)).toBe("modulus");
});

describe("tables of pixels", () => {
  const inputs = array(
    Float32Array.from({ length: 2 * 3 * 4 * 2 }, (_, i) => i),
    { shape: [2, 3, 4, 2] },
  );
  const data = dataset({ inputs, inputNames: ["near", "far"], targets: array([1.5, 2.5]), targetNames: ["modulus"] });

  it("give the images back, in any order of columns", () => {
    const { columns, ...rest } = imageTable(data);
    const table = { ...rest, columns: [columns.at(-1)!, ...columns.slice(0, -1).reverse()] };
    const pixels = imagePixels(samplesOf(table, "modulus", {}));
    expect(pixels.shape).toEqual([2, 3, 4, 2]);
    // Channels in the order in which they come: the far one now does first.
    const swapped = Array.from(pixels.data, (_, i) => pixels.data[i ^ 1]);
    expect(swapped).toEqual(Array.from(inputs.data));
    expect([...imagePixels(samplesOf(imageTable(data), "modulus", {})).data]).toEqual([...inputs.data]);
    expect(pixelColumns(imageTable(data))).toEqual(columnNames(imageTable(data)).slice(0, -1));
  });

  it("of large images hold means of squares, of what is there at the edge", () => {
    const table = imageTable(data, { most: 2 });
    expect(columnNames(table).filter((name) => name.startsWith("near"))).toEqual([
      "near at 0, 0",
      "near at 0, 1",
      "near at 1, 0",
      "near at 1, 1",
    ]);
    const near = (y: number, x: number): number => 2 * (4 * y + x);
    const mean = (...values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(columnOf(table, "near at 0, 1").values[0]).toBe(mean(near(0, 2), near(0, 3), near(1, 2), near(1, 3)));
    expect(columnOf(table, "near at 1, 0").values[0]).toBe(mean(near(2, 0), near(2, 1)));
  });

  it("are refused where something else is among them, or something lacks", () => {
    const table = imageTable(data);
    const without = { ...table, columns: table.columns.slice(1) };
    expect(() => imagePixels(samplesOf(without, "modulus", {}))).toThrow(
      "received 23 pixels of images of 3 x 4 and 2 channels",
    );
    const beside = { ...table, columns: [...table.columns, { ...table.columns[0]!, name: "age" }] };
    expect(() => imagePixels(samplesOf(beside, "modulus", {}))).toThrow('received the column "age", which is no pixel');
    const flat = dataset({ inputs: array([[1], [2]]), targets: array([1, 2]) });
    expect(() => imageTable(flat)).toThrow("images are [rows, height, width, channels]");
  });
});
