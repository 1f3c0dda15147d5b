// Textures, their labels against closed forms, and the whole on a few textures.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decodeSafetensors } from "@hooke/data/safetensors";
import { randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type Field, randomField } from "./field.ts";
import { kinds } from "./kinds/index.ts";
import { clusters, eulerNumber, labelNames, textureLabels } from "./labels.ts";
import { randomOf } from "./random.ts";
import { numberNames, numbersOf, textures } from "./textures.ts";
import { decodeWeights } from "./weights-file.ts";

describe.each(kinds)("$name", (kind) => {
  it.each([32, 45, 64])("is drawn again by its seed, at %i points a side, from dark to bright", (side) => {
    const [clean, again, other] = [3, 3, 4].map((index) => textures([kind], side, 1)(index).clean) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    expect(again).toEqual(clean);
    expect(other).not.toEqual(clean);
    expect(clean).toHaveLength(side * side);
    expect(Math.min(...clean)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...clean)).toBeLessThanOrEqual(1);
    expect(Math.max(...clean) - Math.min(...clean)).toBeGreaterThan(0.2);
  });
});

it("every texture has finite labels, with a name each", () => {
  const draw = textures(kinds, 32, 0);
  for (let index = 0; index < 40; index++) {
    const numbers = numbersOf(draw(index));
    expect(numbers).toHaveLength(numberNames.length);
    for (const number of numbers) expect(number).toSatisfy(Number.isFinite);
  }
});

it("random fields have mean 0 and variance 1", () => {
  const field = randomField(randomOf(randomKey(2)), 48, { waves: (random) => random.uniform(3, 6) });
  const mean = field.reduce((sum, value) => sum + value, 0) / field.length;
  expect(Math.abs(mean)).toBeLessThan(1e-3);
  expect(field.reduce((sum, value) => sum + value ** 2, 0) / field.length).toBeGreaterThan(0.7);
  expect(field.reduce((sum, value) => sum + value ** 2, 0) / field.length).toBeLessThan(1.4);
});

describe("labels", () => {
  const side = 32;
  const label = (texture: Field, name: string): number => textureLabels(texture)[labelNames.indexOf(name)]!;

  it("of a laminate of period 8 are the closed forms", () => {
    const layers = Float32Array.from({ length: side * side }, (_, i) => ((i % side) % 8 < 4 ? 1 : 0));
    expect(label(layers, "bright share")).toBe(0.5);
    // Of pairs a lag apart, 2 min(lag, 8 - lag) in 8 differ; the variance is 1/4.
    for (const [lag, differing] of [
      [1, 2 / 8],
      [2, 4 / 8],
      [4, 1],
      [8, 0],
    ]) {
      expect(label(layers, `variogram ${lag} along 1,0`)).toBeCloseTo(Math.sqrt(differing! / 0.5), 6);
      expect(label(layers, `variogram ${lag} along 0,1`)).toBe(0);
      expect(label(layers, `variogram ${lag} along 1,-1`)).toBeCloseTo(Math.sqrt(differing! / 0.5), 6);
    }
    // Sticks of 3 along x fit at 2 of 8 places, along y at 4 of 8.
    expect(label(layers, "lineal path 3 bright")).toBeCloseTo(Math.sqrt((2 / 8 + 4 / 8) / 2), 6);
    expect(label(layers, "lineal path 24 dark")).toBeCloseTo(Math.sqrt(4 / 8 / 2), 6);
    expect(label(layers, "largest cluster dark")).toBe(1 / 4);
  });

  it("count what is connected, across the borders too", () => {
    const phase = new Uint8Array(side * side);
    // A square on the corner of the torus, one with a hole, and two points that touch at a corner.
    for (const [x0, y0, size] of [
      [30, 30, 4],
      [10, 10, 5],
    ] as const) {
      for (let y = y0; y < y0 + size; y++)
        for (let x = x0; x < x0 + size; x++) phase[(y % side) * side + (x % side)] = 1;
    }
    phase[12 * side + 12] = 0;
    phase[20 * side + 20] = 1;
    phase[21 * side + 21] = 1;
    expect(clusters(phase, side)).toEqual({ count: 4, largest: 24 / 42 });
    expect(eulerNumber(phase, side)).toBe(1 + 0 + 1);
  });
});

it("the whole runs on a few textures", { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-texture-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
    const bytes = readFileSync(/^Weights: (.*), SHA-256/m.exec(stdout)![1]!);
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { params } = decodeWeights(bytes);
    expect((params as Record<string, unknown>).conv).toEqual({ kernel: tensors["params.conv.kernel"] });
    expect(metadata.source).toBe("examples/texture-backbone");
    expect(tensors["params.block4.conv2.kernel"]!.shape).toEqual([3, 3, 128, 128]);
    for (const { data } of Object.values(tensors)) for (const value of data) expect(value).toSatisfy(Number.isFinite);
    expect(stdout).toMatch(/^two-point statistics +0\.\d+ ± 0\.\d+/m);
    expect(stdout).toMatch(/^texture network +-?\d+\.\d+ ± /m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
