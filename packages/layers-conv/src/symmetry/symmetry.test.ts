// Turned inputs give turned outputs, at any weights; and what breaks the symmetry is refused.
import { apply, initialize, type Layer, sequential, type Variables } from "@hooke/core";
import { array, type HostArray, referenceBackend, run, type Tensor, type Tree, treeMap } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { maxPool2d, symmetricBatchNorm, symmetricCNN, symmetricConv2d } from "../index.ts";
import { actionOn, componentsOf, type FieldKind, fieldKinds } from "./fields.ts";
import { composed, type Motion, motionsOf, type SymmetryGroup, sourceOf } from "./motions.ts";

const backend = referenceBackend();
const groups: readonly SymmetryGroup[] = ["p4", "p4m"];
const [rows, side] = [2, 6];

/** Fields `[rows, side, side, components x count]` after a motion: points and components move. */
function moved(x: HostArray, field: FieldKind, group: SymmetryGroup, motion: Motion): HostArray {
  const [rows, side, , channels] = x.shape as [number, number, number, number];
  const { from, signs } = actionOn(field, group, motion);
  const count = channels / from.length;
  const data = new Float64Array(x.data.length);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        const [si, sj] = sourceOf(motion, side, i, j);
        for (let channel = 0; channel < channels; channel++) {
          const [component, which] = [Math.floor(channel / count), channel % count];
          const old = ((row * side + si) * side + sj) * channels + from[component]! * count + which;
          data[((row * side + i) * side + j) * channels + channel] = signs[component]! * Number(x.data[old]);
        }
      }
  return { shape: x.shape, dtype: "f64", data };
}

/** Whole numbers, of which sums are exact. */
const wholeNumbers = (shape: readonly number[], seed: number): HostArray => {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 29) - 3;
  };
  return array(Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next), { shape: [...shape] });
};

async function outputOf(layer: Layer, variables: Variables<HostArray>, x: HostArray, training = false) {
  const pass = (given: Variables, x: Tensor) => apply(layer, given, x, { training }).output;
  return (await run(backend, pass as (...all: never[]) => Tensor, ...([variables, x] as never[]))) as HostArray;
}

/** Parameters that are whole numbers, too. */
function rounded({ params, state }: Variables<HostArray>): Variables<HostArray> {
  let seed = 100;
  const whole = treeMap(params, ({ shape }: HostArray) => wholeNumbers(shape, seed++));
  return { params: whole as Tree<HostArray>, state };
}

describe.each(groups)("%s", (group) => {
  it.each(fieldKinds)("acts on %s fields as a group", (field) => {
    const motions = motionsOf(group);
    for (const [a, second] of motions.entries())
      for (const [b, first] of motions.entries()) {
        const [one, other] = [actionOn(field, group, second), actionOn(field, group, first)];
        const both = actionOn(field, group, motions[composed(motions[a]!, motions[b]!)]!);
        expect(both.from).toEqual(one.from.map((i) => other.from[i]));
        expect(both.signs).toEqual(one.from.map((i, at) => one.signs[at]! * other.signs[i]!));
      }
  });

  it.each(fieldKinds.flatMap((from) => fieldKinds.map((to) => [from, to] as const)))(
    "convolution from %s to %s: exactly, of whole numbers",
    async (from, to) => {
      const count = 2;
      const channels = count * componentsOf(from, group);
      const layer = symmetricConv2d({ group, from, to, fields: 3, kernelSize: 3 });
      const variables = rounded(await initialize(backend, layer, [side, side, channels], 0, "f64"));
      const x = wholeNumbers([rows, side, side, channels], 1);
      const y = await outputOf(layer, variables, x);
      expect(new Set(y.data).size).toBeGreaterThan(5);
      for (const motion of motionsOf(group)) {
        const turned = await outputOf(layer, variables, moved(x, from, group, motion));
        const expected = moved(y, to, group, motion);
        if (from === "regular" || to === "regular") expect(turned.data).toEqual(expected.data.map((v) => v + 0));
        else for (const [i, value] of turned.data.entries()) expect(value).toBeCloseTo(expected.data[i] as number, 10);
      }
    },
  );

  it("networks in training, with normalisation and pools", async () => {
    const model = sequential([
      symmetricConv2d({ group, fields: 2, kernelSize: 3, from: "vector", paddingMode: "circular" }),
      symmetricBatchNorm({ group }),
      maxPool2d({ kernelSize: 2 }),
      symmetricConv2d({ group, fields: 1, kernelSize: 3, to: "tensor", padding: "valid" }),
    ]);
    const [side, x] = [8, wholeNumbers([rows, 8, 8, 2], 3)];
    const variables = await initialize(backend, model, [side, side, 2], 4, "f64");
    const y = await outputOf(model, variables, x, true);
    for (const motion of motionsOf(group)) {
      const turned = await outputOf(model, variables, moved(x, "vector", group, motion), true);
      const expected = moved(y, "tensor", group, motion);
      for (const [i, value] of turned.data.entries()) expect(value).toBeCloseTo(expected.data[i] as number, 10);
    }
  });
});

it("symmetricCNN gives a turned image the same properties, before any training", async () => {
  const model = symmetricCNN({ outputs: 2, fields: 2 });
  const x = wholeNumbers([rows, 8, 8, 1], 5);
  const variables = await initialize(backend, model, [8, 8, 1], 6, "f64");
  const y = await outputOf(model, variables, x);
  for (const motion of motionsOf("p4m")) {
    const turned = await outputOf(model, variables, moved(x, "scalar", "p4m", motion));
    for (const [i, value] of turned.data.entries()) expect(value).toBeCloseTo(y.data[i] as number, 12);
  }
});

describe("refuses", () => {
  const init = (layer: Layer, ...shape: number[]) => initialize(backend, layer, shape, 0);
  it("channels that are not whole fields, and says how to name them", async () => {
    const layer = symmetricConv2d({ fields: 1, kernelSize: 3 });
    await expect(init(layer, 8, 8, 1)).rejects.toThrow(
      /1 channels; regular fields of p4m have 8 components.*from: "scalar"/,
    );
  });
  it("even windows", () => {
    expect(() => symmetricConv2d({ fields: 1, kernelSize: 2 })).toThrow(/odd number/);
  });
  it("activations of vectors", async () => {
    const layer = symmetricConv2d({ fields: 1, kernelSize: 3, from: "scalar", to: "vector", activation: "relu" });
    await expect(init(layer, 8, 8, 1)).rejects.toThrow(/activation for vectors/);
  });
  it("images whose sides cannot be halved", async () => {
    await expect(init(symmetricCNN(), 12, 16, 1)).rejects.toThrow(/12 x 16 points; sides are multiples of 8/);
  });
});
