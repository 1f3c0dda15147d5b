// The weights that ship: those that were recorded, in their place, seeing structure whatever the brightness.
import { wasmBackend } from "@hooke/backend-wasm";
import { predict } from "@hooke/core";
import { dataset } from "@hooke/data";
import { textureNet } from "@hooke/layers-conv";
import { array, foldHost, type HostArray, randomKey, run, uniform } from "@hooke/runtime";
import { beforeAll, expect, it } from "vitest";
import { probe } from "../probe/probe.ts";
import { textureNetWeights } from "./index.ts";
import { weights } from "./weights.ts";

const backend = wasmBackend();
const side = 64;

/** Squares of a size, bright at random. */
async function squares(size: number, seed: number): Promise<Float32Array> {
  const key = foldHost(randomKey(seed), size);
  const { data } = await run(backend, () => uniform(key, [side * side]));
  const across = Math.ceil(side / size);
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return data[Math.floor(y / size) * across + Math.floor(x / size)]! < 0.5 ? 0 : 1;
  });
}

const images = (list: readonly Float32Array[]): HostArray =>
  array(Float32Array.from(list.flatMap((image) => [...image])), { shape: [list.length, side, side, 1] });

let featuresOf: (inputs: HostArray) => Promise<HostArray>;
beforeAll(async () => {
  const variables = await textureNetWeights();
  const model = { layer: textureNet(), inputShape: [side, side, 1], variables };
  featuresOf = (inputs) => predict(model, inputs, { backend });
});

it("are the recorded ones", async () => {
  const bytes = Uint8Array.from(atob(weights), (character) => character.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  expect([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")).toBe(
    "0d6ecd9bb4d9974a77dd907dfd2c3ab1605ff7fa8a2d32f06bd9373b283a52ce",
  );
  expect(weights.length).toBeLessThan(1.3e6);
});

it("see the same in other units of grey", async () => {
  const image = await squares(4, 0);
  const { data } = await featuresOf(images([image, image.map((value) => 40 + 170 * value)]));
  for (let i = 0; i < 128; i++) expect(data[128 + i]).toBeCloseTo(data[i]!, 3);
});

it("tell the sizes of squares, bright at random, from a few examples", async () => {
  const sizes = Array.from({ length: 24 }, (_, i) => 2 + (i % 8));
  const inputs = await featuresOf(images(await Promise.all(sizes.map(squares))));
  const { score } = await probe({ data: dataset({ inputs, targets: array(sizes.map((size) => [size])) }) });
  expect(score).toBeGreaterThan(0.9);
});
