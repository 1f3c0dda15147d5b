// The isotropy check: lengths in closed form, warnings where declared and measured symmetry disagree, and refusals.
import { type HostArray, randomKey, sizeOf, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { checkIsotropy } from "./isotropy.ts";
import { randomStream } from "./random.ts";

/**
 * Noise averaged over `wide` points along x and `high` along y: autocorrelation 1 - lag / width along each, exactly so
 * in the mean.
 */
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
  const broken = noise(12, 8, 2, 2);
  broken.data[5 * 64 + 7] = Number.NaN;
  expect(() => checkIsotropy(broken)).toThrow("checkIsotropy: image 5 holds NaN; correct it or leave it out.");
  expect(() => checkIsotropy(zeros([12, 1, 8, 1]))).toThrow("along a side of 1 point nothing can be compared");
  expect(() => checkIsotropy(noise(12, 8, 2, 2), { maxLag: 8 })).toThrow("received maxLag 8 for images");
  expect(() => checkIsotropy(broken, { perodic: true } as never)).toThrow('received the unknown option "perodic"');
  expect(() => checkIsotropy(broken, { declared: "cubic" as never })).toThrow('option "declared" is "cubic"');
  expect(() => checkIsotropy(zeros([8, 8]))).toThrow(/expected \[count, y, x, channels\]/);
});
