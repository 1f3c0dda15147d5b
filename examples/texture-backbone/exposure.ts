// How a texture comes to be a micrograph: greys of its phases, blur, uneven light, scratches, noise.
import { covered, type Field, markStroke, roughField, sideOf, wrap } from "./field.ts";
import type { Random } from "./random.ts";

/** What was done to a texture, in numbers to predict. */
export interface Exposure {
  /** Standard deviation of the noise over the contrast. */
  readonly noise: number;
  /** Standard deviation of the blur, in points. */
  readonly blur: number;
  /** Amplitude of the uneven light, relative to its mean. */
  readonly light: number;
  /** Share of the area that is scratched. */
  readonly scratches: number;
}

export const clean: Exposure = { noise: 0, blur: 0, light: 0, scratches: 0 };

/** A micrograph of a texture; a third of them are the texture itself. */
export function expose(random: Random, texture: Field): { readonly image: Field; readonly exposure: Exposure } {
  if (random.chance(1 / 3)) return { image: texture, exposure: clean };
  const side = sideOf(texture);
  const amount = (low: number, high: number): number => (random.chance(0.5) ? random.uniform(low, high) : 0);
  const [roughness, blur, light, noise] = [amount(0, 0.15), amount(0.4, 1.6), amount(0.05, 0.4), amount(0.01, 0.25)];
  const gamma = random.logUniform(0.6, 1.6);
  let image = texture.map((value) => value ** gamma);
  if (roughness > 0) {
    const grain = roughField(random, side, random.uniform(0.3, 1));
    image = image.map((value, i) => value + roughness * grain[i]!);
  }
  if (blur > 0) image = blurred(image, blur);
  if (light > 0) {
    const [kx, ky] = random.pick([
      [0, 1],
      [1, 0],
      [1, 1],
      [1, -1],
    ] as const);
    const phase = random.uniform(0, 2 * Math.PI);
    image = image.map((value, i) => {
      const way = kx * (i % side) + ky * Math.floor(i / side);
      return (value + 0.5) * (1 + light * Math.cos((2 * Math.PI * way) / side + phase)) - 0.5;
    });
  }
  let scratches = 0;
  if (random.chance(0.25)) {
    const cover = new Float32Array(side * side);
    for (let count = Math.ceil(random.uniform(0, 5)); count > 0; count--) {
      const from = [random.uniform(0, side), random.uniform(0, side)] as const;
      const angle = random.uniform(0, 2 * Math.PI);
      markStroke(cover, { from, angle, length: side * random.uniform(0.3, 1.5), width: random.uniform(0.6, 1.5) });
    }
    scratches = cover.reduce((sum, value) => sum + value, 0) / cover.length;
    image = covered(image, cover, random.uniform(-0.2, 1.2));
  }
  if (noise > 0) image = image.map((value) => value + noise * random.normal());
  return { image, exposure: { noise, blur, light, scratches } };
}

/** A Gaussian blur of a periodic field. */
function blurred(field: Field, deviation: number): Field {
  const side = sideOf(field);
  const reach = Math.ceil(3 * deviation);
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const total = weights.reduce((sum, value) => sum + value, 0);
  const along = (from: Field, step: number, next: number): Field => {
    const into = new Float32Array(from.length);
    for (let line = 0; line < side; line++) {
      for (let i = 0; i < side; i++) {
        let sum = 0;
        for (let w = -reach; w <= reach; w++)
          sum += weights[w + reach]! * from[line * next + wrap(i + w, side) * step]!;
        into[line * next + i * step] = sum / total;
      }
    }
    return into;
  };
  return along(along(field, 1, side), side, 1);
}
