// Networks of steps and of pixels: they learn what depends on where things are, come back from files, and say what their layers say.
import { wasmBackend } from "@hooke/backend-wasm";
import { decodeFitted, encodeFitted, imageTable } from "@hooke/baselines";
import { activation, dense, flatten, initialize, predict, sequential } from "@hooke/core";
import { dataset, tableOf } from "@hooke/data";
import { conv2d } from "@hooke/layers-conv";
import { lstm } from "@hooke/layers-seq";
import { expect, it } from "vitest";
import { imageNetwork, networksFor, sequenceNetwork } from "./index.ts";
import { outputsOf } from "./layered.ts";

const backend = wasmBackend();
const plugins = [{ name: "networks", methods: { imageNetwork, sequenceNetwork } }];

it("compute without a backend what layers compute on one", async () => {
  for (const [layer, row] of [
    [
      sequential([conv2d({ filters: 3, kernelSize: 3 }), activation("relu"), flatten(), dense({ units: 2 })]),
      [6, 5, 2],
    ],
    [sequential([lstm({ hiddenSize: 4, returns: "last" }), dense({ units: 1 })]), [7, 2]],
  ] as const) {
    const variables = await initialize(backend, layer, row, 3);
    const size = row.reduce((product, side) => product * side, 1);
    // More rows than are computed at once.
    const shape = [70, ...row];
    const data = Float32Array.from({ length: 70 * size }, (_, i) => Math.sin(i));
    const inputs = { shape, dtype: "f32", data } as const;
    const expected = await predict({ layer, inputShape: row, variables }, inputs, { backend });
    const outputs = outputsOf(layer, variables, inputs);
    expect(outputs).toHaveLength(expected.data.length);
    for (const [i, value] of outputs.entries()) expect(value).toBeCloseTo(expected.data[i]!, 5);
  }
});

/** A bump somewhere in 24 steps, of two heights; the load beside it counts, too. */
const rows = Array.from({ length: 90 }, (_, i) => ({
  at: 2 + ((i * 7) % 20),
  height: 1 + (i % 2),
  load: (i * 11) % 13,
}));
const bumps = tableOf({
  ...Object.fromEntries(
    Array.from({ length: 24 }, (_, t) => [
      `strain ${t}`,
      rows.map(({ at, height }) => height * Math.exp(-((t - at) ** 2) / 4)),
    ]),
  ),
  load: rows.map(({ load }) => load),
  place: rows.map(({ at, load }) => 100 + at + load),
  kind: rows.map(({ height }) => (height > 1 ? "high" : "low")),
});

it.each([
  ["lstm", 500, 2.5],
  ["transformer", 200, 2.5],
] as const)(
  "of steps, by %s, learn where something is, in the target's units, the same bits again",
  async (kind, updates, most) => {
    const inputs = bumps.columns.map(({ name }) => name).filter((name) => name !== "place" && name !== "kind");
    const method = sequenceNetwork({ kind, updates });
    const fitted = await method.fit(bumps, "place", { backend, inputs });
    const { values } = fitted.predict(bumps);
    const squares = rows.map(({ at, load }, i) => (100 + at + load - values[i]!) ** 2);
    expect(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / rows.length)).toBeLessThan(most);
    const again = decodeFitted(encodeFitted(fitted), { plugins });
    expect(again.predict(bumps).values).toEqual(values);
  },
);

it("of steps, by convolutions, learn classes wherever the bump is", async () => {
  const inputs = bumps.columns.map(({ name }) => name).filter((name) => name.startsWith("strain"));
  const method = sequenceNetwork({ kind: "convolution", updates: 150 });
  const fitted = await method.fit(bumps, "kind", { backend, inputs });
  const { values, classes, probabilities } = fitted.predict(bumps);
  const wrong = rows.filter(({ height }, i) => classes![values[i]!] !== (height > 1 ? "high" : "low"));
  expect(wrong.length).toBeLessThan(3);
  expect(probabilities![0]! + probabilities![1]!).toBeCloseTo(1, 12);
  expect(encodeFitted(await method.fit(bumps, "kind", { backend, inputs }))).toEqual(encodeFitted(fitted));
});

it("of pixels come back from files, and take pixels alone", async () => {
  const images = dataset({
    inputs: {
      shape: [40, 9, 8, 1],
      dtype: "f32",
      data: Float32Array.from({ length: 40 * 72 }, (_, i) => (i % 11) / 11),
    },
    targets: { shape: [40], dtype: "f64", data: Float64Array.from({ length: 40 }, (_, i) => i % 5) },
    targetNames: ["grain"],
  });
  const table = imageTable(images);
  const fitted = await imageNetwork({ updates: 20, filters: [4] }).fit(table, "grain", { backend });
  const again = decodeFitted(encodeFitted(fitted), { plugins });
  expect(again.predict(table).values).toEqual(fitted.predict(table).values);
  await expect(imageNetwork().fit(bumps, "kind", { backend })).rejects.toThrow(
    'the column "strain 0", which is no pixel',
  );
  await expect(imageNetwork().fit(table, "grain")).rejects.toThrow("backend: wasmBackend()");
});

it("are candidates by what there is to be learned from", () => {
  expect(Object.keys(networksFor("table"))).toEqual(["network"]);
  expect(Object.keys(networksFor("sequences"))).toEqual(["convolutional network", "LSTM", "Transformer"]);
  expect(Object.keys(networksFor("images"))).toEqual(["convolutional network"]);
  expect(networksFor("equations")).toEqual({});
});
