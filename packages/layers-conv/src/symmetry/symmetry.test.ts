// Exact equivariance: a turned or mirrored field in, the turned or mirrored result out, for all kinds of fields.
import { wasmBackend } from "@hooke/backend-wasm";
import { dense, initialize, type Layer, predict, sequential } from "@hooke/core";
import { type HostArray, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { fieldPool, globalAveragePool, symmetricConv2d } from "../index.ts";
import {
  actionsOn,
  type FieldKind,
  fieldSize,
  orderOf,
  repeated,
  type SymmetryGroup,
  windowActions,
} from "./groups.ts";

const backend = wasmBackend();
const side = 5;

/** Numbers that look random, `[1, side, side, channels]`. */
function field(channels: number): HostArray {
  const x = zeros([1, side, side, channels]);
  for (let i = 0; i < x.data.length; i++) x.data[i] = Math.sin(12.9898 * (i + 1)) * 1.7;
  return x;
}

/** The field after an element of the group: points change places, and its numbers what they are. */
function moved(x: HostArray, kind: FieldKind, group: SymmetryGroup, element: number): HostArray {
  const channels = x.shape[3]!;
  const size = fieldSize(kind, group);
  const { source, sign } = repeated(actionsOn(kind, group)[element]!, channels / size);
  const places = windowActions(side, group)[element]!;
  const out = zeros(x.shape);
  for (const [to, from] of places.entries()) {
    for (let c = 0; c < channels; c++) out.data[to * channels + c] = sign[c]! * x.data[from * channels + source[c]!]!;
  }
  return out;
}

async function differenceOf(layer: Layer, group: SymmetryGroup, from: FieldKind, to: FieldKind | undefined) {
  const x = field(2 * fieldSize(from, group));
  const inputShape = x.shape.slice(1);
  const variables = await initialize(backend, layer, inputShape, 3);
  const run = (input: HostArray) => predict({ layer, inputShape, variables }, input, { backend });
  const plain = await run(x);
  let [largest, change] = [0, 0];
  for (let element = 1; element < orderOf(group); element++) {
    const found = await run(moved(x, from, group, element));
    const expected = to === undefined ? plain : moved(plain, to, group, element);
    for (const [i, value] of expected.data.entries()) {
      largest = Math.max(largest, Math.abs(found.data[i]! - value));
      change = Math.max(change, Math.abs(found.data[i]! - plain.data[i]!));
    }
  }
  return { largest, change };
}

const kinds = ["scalar", "vector", "tensor", "regular"] as const;

describe.each(["p4", "p4m"] as const)("%s", (group) => {
  it.each(kinds.flatMap((from) => kinds.map((to) => [from, to] as const)))("from %s to %s fields", async (from, to) => {
    for (const paddingMode of ["zeros", "circular"] as const) {
      const layer = symmetricConv2d({ fields: 2, kernelSize: 3, group, from, to, paddingMode });
      const { largest, change } = await differenceOf(layer, group, from, to);
      expect(largest).toBeLessThan(2e-6);
      expect(change).toBeGreaterThan(0.01);
    }
  });

  it("what pools fields and grid does not change where the image is turned", async () => {
    const layer = sequential([
      symmetricConv2d({ fields: 3, kernelSize: 3, group, from: "scalar", activation: "relu" }),
      symmetricConv2d({ fields: 3, kernelSize: 5, group, activation: "relu" }),
      fieldPool({ group, kind: "max" }),
      globalAveragePool(),
      dense({ units: 2 }),
    ]);
    expect((await differenceOf(layer, group, "scalar", undefined)).largest).toBeLessThan(2e-6);
  });
});

it("a tensor turns as stress does: by M T M^T", () => {
  const [, quarter] = actionsOn("tensor", "p4");
  const [, turn] = actionsOn("vector", "p4");
  const stress = [
    [2, 0.5],
    [0.5, -1],
  ];
  const matrix = [0, 1].map((row) => [0, 1].map((column) => (turn!.source[row] === column ? turn!.sign[row]! : 0)));
  const entry = (a: number, b: number): number =>
    [0, 1].reduce(
      (sum, i) => sum + [0, 1].reduce((own, j) => own + matrix[a]![i]! * stress[i]![j]! * matrix[b]![j]!, 0),
      0,
    );
  const voigt = [2, -1, 0.5];
  const found = quarter!.source.map((source, i) => quarter!.sign[i]! * voigt[source]!);
  expect(found).toEqual([entry(0, 0), entry(1, 1), entry(0, 1)]);
});

it("refuses channels that are no fields, even windows, and what bends vectors", async () => {
  const of = (layer: Layer, channels: number) => initialize(backend, layer, [5, 5, channels], 0);
  await expect(of(symmetricConv2d({ fields: 1, kernelSize: 3 }), 4)).rejects.toThrow(
    "received 4 channels; regular fields have 8 each under p4m. Give a multiple.",
  );
  expect(() => symmetricConv2d({ fields: 1, kernelSize: 4 })).toThrow(
    'option "kernelSize" is 4; expected an odd number above 0.',
  );
  await expect(
    of(symmetricConv2d({ fields: 1, kernelSize: 3, from: "scalar", to: "vector", activation: "relu" }), 1),
  ).rejects.toThrow("has an activation of vector fields, which would bend them; leave it out.");
  await expect(of(fieldPool(), 4)).rejects.toThrow(
    "expected [batch, height, width, fields * 8] of regular fields under p4m",
  );
});
