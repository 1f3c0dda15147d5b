// Networks: what they promise of the fields they give, how they start, and what they refuse.
import { wasmBackend } from "@hooke/backend-wasm";
import { adaptiveActivation, apply, core, initialize, type Layer, layerFromJson, summary } from "@hooke/core";
import { array, type HostArray, rowDerivatives, run, type Tensor, treeLeaves } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import {
  type Field,
  fourierFeatures,
  type Inputs,
  mlp,
  modifiedMlp,
  periodic,
  pinn,
  pirateNet,
  siren,
  windows,
} from "../index.ts";

const backend = wasmBackend();
const inputs: Inputs = { coordinates: ["x", "t"], bounds: { x: [-3, 1], t: [0, 5] } };

const fields: Readonly<Record<string, Field>> = {
  mlp: mlp({ units: [8, 8] }),
  adaptive: mlp({ units: [8, 8], activation: adaptiveActivation({ factor: 5 }) }),
  factorized: mlp({ units: [8, 8], factorized: true }),
  embedded: modifiedMlp({
    units: 8,
    layers: 2,
    embedding: [periodic({ x: 4 }), fourierFeatures({ count: 4, scale: [0.5, 1] })],
    factorized: { mean: 0.5 },
  }),
  modifiedMlp: modifiedMlp({ units: 8, layers: 2 }),
  pirateNet: pirateNet({ units: 8, blocks: 2 }),
  siren: siren({ units: [8, 8], frequency: 5, embedding: [periodic({ x: 4 })] }),
  windows: windows(mlp({ units: [6], embedding: [periodic({ t: 10 })] }), { x: 3, t: 2 }),
};

const drawn = (layer: Layer, columns = 2) => initialize(backend, layer, [columns], 0, "f64");

/** The derivatives of a network, `[]` for its value, at rows. */
async function at(layer: Layer, rows: readonly (readonly number[])[], axes: readonly (readonly number[])[]) {
  const variables = await drawn(layer);
  const all = (own: never, x: Tensor) => rowDerivatives((z) => apply(layer, own, z).output, x, axes);
  return (await run(
    backend,
    all as never,
    variables as never,
    array(rows as never, { dtype: "f64" }) as never,
  )) as unknown as HostArray[];
}

describe.each(Object.entries(fields))("%s", (_name, field) => {
  it("gives one number a point, whose derivatives to fourth order are finite", async () => {
    const found = await at(
      field.network(inputs),
      [
        [0.1, -0.4],
        [1, 1],
        [-1, 0],
      ],
      [[], [0], [0, 1], [0, 0, 0, 0]],
    );
    for (const { shape, data } of found) {
      expect(shape).toEqual([3, 1]);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it("is what its JSON says", async () => {
    const layer = field.network(inputs);
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)), [core, pinn]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(layer));
    const rows = [[0.3, -0.2]];
    expect((await at(again, rows, [[]]))[0]!.data).toEqual((await at(layer, rows, [[]]))[0]!.data);
  });
});

it.each(["embedded", "siren"])("%s: the field and its derivatives are periodic", async (name) => {
  const [low, high] = [
    [-1, 0.3],
    [1, 0.3],
  ];
  const orders = [[], [0], [0, 0], [0, 1], [0, 0, 0]];
  for (const { data } of await at(fields[name]!.network(inputs), [low!, high!], orders)) {
    expect(Math.abs(data[0]! - data[1]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(data[0]!)));
  }
});

it("windows add up to 1, with derivatives 0", async () => {
  const layer = fields.windows!.network(inputs);
  const { params, state } = await drawn(layer);
  const names = new Map(treeLeaves<HostArray>(params).map(({ path, value }) => [path, value]));
  expect(Object.keys(params as object)).toHaveLength(6);
  // Networks that say 1 everywhere: kernels 0, the last bias 1.
  const ones = (tree: unknown, path = ""): unknown =>
    Object.fromEntries(
      Object.entries(tree as object).map(([key, value]) => {
        const own = path === "" ? key : `${path}.${key}`;
        if (!names.has(own)) return [key, ones(value, own)];
        const last = /\.2\.bias$/.test(own);
        return [key, { ...names.get(own)!, data: names.get(own)!.data.map(() => (last ? 1 : 0)) }];
      }),
    );
  const rows = Array.from({ length: 41 }, (_, i) => [-1 + i / 20, Math.sin(i)]);
  const all = (own: never, x: Tensor) => rowDerivatives((z) => apply(layer, own, z).output, x, [[], [0], [1, 1]]);
  const found = (await run(
    backend,
    all as never,
    { params: ones(params), state } as never,
    array(rows, { dtype: "f64" }) as never,
  )) as unknown as HostArray[];
  const [value, first, second] = found.map(({ data }) => [...data]) as [number[], number[], number[]];
  expect(Math.max(...value.map((each) => Math.abs(each - 1)))).toBeLessThan(1e-14);
  expect(Math.max(...first.map(Math.abs))).toBeLessThan(1e-12);
  expect(Math.max(...second.map(Math.abs))).toBeLessThan(1e-10);
});

/** The numbers of a parameter. */
async function parameter(layer: Layer, path: string): Promise<number[]> {
  const { params } = await drawn(layer);
  const found = treeLeaves<HostArray>(params).find((leaf) => leaf.path === path);
  return [...found!.value.data];
}
const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const deviation = (numbers: readonly number[]) => {
  const center = mean(numbers);
  return Math.sqrt(mean(numbers.map((each) => (each - center) ** 2)));
};

it("siren starts as published", async () => {
  const layer = siren({ units: [200, 200], frequency: 30 }).network(inputs);
  const [first, second, last] = await Promise.all(
    ["0.kernel", "1.kernel", "2.kernel"].map((path) => parameter(layer, path)),
  );
  const within = Math.sqrt(6 / 200) / 30;
  for (const [numbers, bound] of [
    [first!, 1 / 2],
    [second!, within],
    [last!, within],
  ] as const) {
    const largest = Math.max(...numbers.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.95 * bound);
    expect(Math.abs(deviation(numbers) / (bound / Math.sqrt(3)) - 1)).toBeLessThan(0.1);
  }
});

it("what a factorized layer multiplies with starts as Glorot's kernels, its scales around the mean", async () => {
  const layer = mlp({ units: [300], factorized: { mean: 0.5, deviation: 0.2 } }).network(inputs);
  const [scale, kernel] = await Promise.all(["0.scale", "0.kernel"].map((path) => parameter(layer, path)));
  expect(mean(scale!)).toBeCloseTo(0.5, 1);
  expect(deviation(scale!)).toBeCloseTo(0.2, 1);
  const product = kernel!.map((each, i) => each * Math.exp(scale![i % 300]!));
  expect(deviation(product) / Math.sqrt(2 / 302)).toBeGreaterThan(0.92);
  expect(deviation(product) / Math.sqrt(2 / 302)).toBeLessThan(1.08);
});

it("a PirateNet starts as a linear function of its embedding, however deep", async () => {
  const rows = [
    [0.2, 0.1],
    [-0.5, 0.9],
  ];
  const layer = (blocks: number) => pirateNet({ units: 8, blocks }).network(inputs);
  const paths = summary(layer(2), [2]).rows.map(({ path }) => path);
  expect(paths.filter((path) => /^1\.body\.\d$/.test(path))).toHaveLength(2);
  expect((await at(layer(1), rows, [[]]))[0]!.data).toEqual((await at(layer(6), rows, [[]]))[0]!.data);
});

it("Fourier features are drawn by the seed with the deviation of their scale, and nothing trains them", async () => {
  const layer = fourierFeatures({ count: 2000, scale: [1, 3], seed: 4 });
  expect(summary(layer, [1]).parameters).toBe(0);
  // The sine of a tiny input is its angle.
  const tiny = 1e-6;
  const angles = async (given: Layer) => {
    const result = (x: Tensor) => apply(given, { params: {}, state: {} }, x).output;
    return [...(await run(backend, result, array([[tiny]], { dtype: "f64" }))).data]
      .slice(4000)
      .map((each) => each / tiny);
  };
  const found = await angles(layer);
  expect(deviation(found.slice(0, 2000)) / (2 * Math.PI)).toBeCloseTo(1, 1);
  expect(deviation(found.slice(2000)) / (6 * Math.PI)).toBeCloseTo(1, 1);
  expect(await angles(fourierFeatures({ count: 2000, scale: [1, 3], seed: 4 }))).toEqual(found);
  expect(await angles(fourierFeatures({ count: 2000, scale: [1, 3], seed: 5 }))).not.toEqual(found);
});

it.each<[string, () => unknown, RegExp]>([
  ["an unknown option", () => modifiedMlp({ unit: 3 } as never), /modifiedMlp.*"unit"/],
  [
    "an embedding that is none",
    () => mlp({ embedding: ["periodic"] as never }),
    /mlp.*embedding.*periodic\(\{ x: 2 \}\)/,
  ],
  ["no periods", () => periodic({}), /periodic.*no periods/],
  ["a period of 0", () => periodic({ x: 0 }), /periodic.*"x"/],
  [
    "a period of what is no coordinate",
    () => mlp({ embedding: [periodic({ y: 1 })] }).network(inputs),
    /"y".*"x", "t"/,
  ],
  [
    "periods behind another embedding",
    () => mlp({ embedding: [fourierFeatures(), periodic({ x: 4 })] }).network(inputs),
    /behind another embedding.*put it first/,
  ],
  [
    "a PirateNet of another width",
    () => pirateNet({ units: 8, embedding: [periodic({ x: 4 })] }).network(inputs),
    /8 units.*3 columns/,
  ],
  ["an odd PirateNet", () => pirateNet({ units: 7 }), /7 units.*even/],
  ["a scale of 0", () => fourierFeatures({ scale: 0 }), /fourierFeatures.*scale/],
  ["a factorization of another kind", () => mlp({ factorized: { spread: 1 } as never }), /factorized.*"spread"/],
  ["windows of nothing", () => windows(mlp(), {}), /windows.*\{ x: 4 \}/],
  ["windows along what is no coordinate", () => windows(mlp(), { z: 2 }).network(inputs), /"z".*"x", "t"/],
  ["windows of no field", () => windows(3 as never, { x: 2 }), /windows.*field/],
  ["an overlap of 2", () => windows(mlp(), { x: 2 }, { overlap: 2 }), /overlap.*\(0, 1\]/],
  ["a frequency below 0", () => siren({ frequency: -1 }), /siren.*frequency/],
])("refuses %s", (_what, make, message) => {
  expect(make).toThrow(message);
});
