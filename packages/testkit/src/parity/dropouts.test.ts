// Dropout in other shapes and noise: each element's two fates and their derivatives against PyTorch, which elements
// share one, how often.
import { apply, type Layer } from "@hooke/core";
import { gaussianNoise, regularization } from "@hooke/regularization";
import { type Backend, grad, type HostArray, mul, randomKey, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { distance } from "./compare.ts";

const layers = regularization.layers as unknown as Readonly<Record<string, (config: object) => Layer>>;
const keys = 40;

/** Which elements of `[batch, ...space, channels]` are dropped together. */
const groups: Readonly<Record<string, (at: number, shape: readonly number[]) => number>> = {
  alphaDropout: (at) => at,
  spatialDropout: (at, shape) => rowOf(at, shape) * shape.at(-1)! + (at % shape.at(-1)!),
  dropPath: (at, shape) => rowOf(at, shape),
};
const rowOf = (at: number, [, ...rest]: readonly number[]): number =>
  Math.floor(at / rest.reduce((product, size) => product * size, 1));

interface Pass {
  readonly y: HostArray;
  readonly gradient: HostArray;
}

/** Output in training, and the derivative of its product with a cotangent. */
function pass(backend: Backend, layer: Layer, x: HostArray, cotangent: HostArray, seed: number): Promise<Pass> {
  const forward = (at: Tensor, key: Tensor): Tensor =>
    apply(layer, { params: {}, state: {} }, at, { training: true, key }).output;
  const both = (at: Tensor, weights: Tensor, key: Tensor) => ({
    y: forward(at, key),
    gradient: grad((z: Tensor) => sum(mul(forward(z, key), weights)))(at),
  });
  return run(backend, both as never, ...([x, cotangent, randomKey(seed)] as never[])) as unknown as Promise<Pass>;
}

const cases = loadGolden("regularization").cases.filter(({ operation }) => operation in groups);

describe.each(backends)("$on", ({ backend }) => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s agrees with PyTorch", async (_, golden) => {
    const { x, cotangent } = golden.inputs as { x: HostArray; cotangent: HostArray };
    const { kept, keptGradient, dropped } = golden.outputs as Record<"kept" | "keptGradient" | "dropped", HostArray>;
    const rate = golden.config.rate as number;
    const layer = layers[golden.operation]!({ rate });
    const groupOf = groups[golden.operation]!;
    const count = new Set(Array.from(x.data, (_value, at) => groupOf(at, x.shape))).size;
    let droppedGroups = 0;
    for (let seed = 0; seed < keys; seed++) {
      const { y, gradient } = await pass(backend, layer, x, cotangent, seed);
      const fates = new Map<number, boolean>();
      for (const [at, slope] of gradient.data.entries()) {
        const isDropped = slope === 0;
        const group = groupOf(at, x.shape);
        expect(fates.get(group) ?? isDropped).toBe(isDropped);
        fates.set(group, isDropped);
        expect(y.data[at]).toBeCloseTo(isDropped ? dropped.data[0]! : kept.data[at]!, 12);
        expect(slope).toBeCloseTo(isDropped ? 0 : keptGradient.data[at]!, 12);
      }
      droppedGroups += [...fates.values()].filter(Boolean).length;
    }
    // Binomial: within four standard deviations.
    const draws = keys * count;
    expect(Math.abs(droppedGroups - rate * draws)).toBeLessThan(4 * Math.sqrt(draws * rate * (1 - rate)));
  });

  it("gaussianNoise adds what does not depend on the input, with mean 0 and the deviation asked for", async () => {
    const layer = gaussianNoise({ standardDeviation: 0.3 });
    const shape = [50, 40];
    const x: HostArray = { shape, dtype: "f64", data: Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i)) };
    const ones: HostArray = { shape, dtype: "f64", data: new Float64Array(2000).fill(1) };
    const { y, gradient } = await pass(backend, layer, x, ones, 5);
    expect(gradient.data).toEqual(ones.data);
    const noise = Array.from(y.data, (value, i) => value - x.data[i]!);
    const mean = noise.reduce((total, value) => total + value, 0) / noise.length;
    const moment = (power: number) => noise.reduce((total, value) => total + (value - mean) ** power, 0) / noise.length;
    // Four standard errors of mean, variance and fourth moment of 2,000 normal numbers.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.3) / Math.sqrt(2000));
    expect(Math.abs(moment(2) / 0.09 - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
    expect(Math.abs(moment(4) / 0.09 ** 2 - 3)).toBeLessThan(4 * Math.sqrt(96 / 2000));
    // Neighbours have nothing to do with each other.
    const together = noise.slice(1).reduce((total, value, i) => total + value * noise[i]!, 0) / 1999 / 0.09;
    expect(Math.abs(together)).toBeLessThan(4 / Math.sqrt(1999));
    expect((await pass(backend, layer, ones, ones, 5)).y.data[7]! - 1).toBeCloseTo(noise[7]!, 12);
  });
});

it.each([...cases.map(({ operation, config, inputs }) => [operation, config, inputs.x!] as const)])(
  "%s %j drops the same on every backend",
  async (operation, config, x) => {
    const [first, ...others] = await Promise.all(
      backends.map(({ backend }) => pass(backend, layers[operation]!(config), x, x, 3)),
    );
    for (const other of others) expect(distance(other.y, first!.y)).toBeLessThan(1e-14);
  },
);
