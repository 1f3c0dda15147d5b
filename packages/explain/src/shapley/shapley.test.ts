// Shapley values against closed forms and those of trees, exact and estimated; that they add up; what is refused.
import { gradientBoosting, logistic, randomForest, ridge, treeShap } from "@hooke/baselines";
import { dense, initialize, predict } from "@hooke/core";
import { dataset, fitPreprocessing, standardize, tableOf, takeTableRows } from "@hooke/data";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { drawnCoalitions } from "./drawn-coalitions.ts";
import { exactShapley } from "./exact-shapley.ts";
import { kernelShapley } from "./kernel-shapley.ts";
import { gridParts } from "./parts.ts";

const backend = referenceBackend();
const draw = (i: number, k: number) => Math.abs(Math.sin(12.9898 * i + 78.233 * k) * 43758.5453) % 1;
const rows = Array.from({ length: 60 }, (_, i) => i);
const columns = { a: rows.map((i) => draw(i, 1)), b: rows.map((i) => draw(i, 2)), c: rows.map((i) => draw(i, 3)) };
const kind = rows.map((i) => ["north", "south", "west"][i % 3]!);
const table = tableOf({
  ...columns,
  kind,
  y: rows.map((i) => 3 * columns.a[i]! - 2 * columns.b[i]! * columns.c[i]! + (i % 3)),
});
const background = takeTableRows(
  table,
  Int32Array.from({ length: 20 }, (_, i) => i),
);
const asked = takeTableRows(table, Int32Array.of(30, 41, 52));
const both = [
  ["exact", exactShapley],
  ["kernel", kernelShapley],
] as const;

describe.each(both)("%s values", (_, shapley) => {
  it.each([
    ["boosting", gradientBoosting({ rounds: 30, minimumRows: 5 })],
    ["a forest", randomForest({ trees: 15 })],
  ] as const)("are those of trees: %s", async (_, method) => {
    const fitted = await method.fit(table, "y");
    const expected = await treeShap(fitted, asked, { kind: "interventional", background });
    const found = await shapley(fitted, asked, { background });
    expect(found.inputs).toEqual(expected.inputs);
    expect(found.base).toBeCloseTo(expected.base[0]!, 10);
    found.values.forEach((value, i) => void expect(value).toBeCloseTo(expected.values[i]!, 9));
    found.predictions.forEach((value, i) => void expect(value).toBeCloseTo(expected.predictions[i]!, 10));
  });

  it("are the parts of a linear model, alone and together", async () => {
    const fitted = await ridge().fit(table, "y", { inputs: ["a", "b", "c"] });
    const base = await shapley(fitted, asked, { background });
    const moved = async (name: "a" | "b" | "c") => {
      const other = tableOf({
        ...Object.fromEntries(["a", "b", "c"].map((each) => [each, each === name ? [1] : [0]])),
      });
      const none = tableOf({ a: [0], b: [0], c: [0] });
      return fitted.predict(other).values[0]! - fitted.predict(none).values[0]!;
    };
    for (const [i, name] of (["a", "b", "c"] as const).entries()) {
      const weight = await moved(name);
      const mean = columns[name].slice(0, 20).reduce((sum, value) => sum + value / 20, 0);
      [30, 41, 52].forEach(
        (row, r) => void expect(base.values[3 * r + i]).toBeCloseTo(weight * (columns[name][row]! - mean), 9),
      );
    }
    const grouped = await shapley(fitted, asked, { background, together: [["c", "a"]] });
    expect(grouped.inputs).toEqual(["a and c", "b"]);
    for (const r of [0, 1, 2]) {
      expect(grouped.values[2 * r]).toBeCloseTo(base.values[3 * r]! + base.values[3 * r + 2]!, 9);
    }
  });

  it("of a class add up to its probability", async () => {
    const hard = tableOf({ ...columns, state: rows.map((i) => (columns.a[i]! + columns.b[i]! > 1 ? "hard" : "soft")) });
    const fitted = await logistic({ penalty: 0.01 }).fit(hard, "state");
    const { base, values, predictions } = await shapley(fitted, asked, { background: hard });
    const { probabilities } = fitted.predict(asked);
    for (const r of [0, 1, 2]) {
      expect(predictions[r]).toBeCloseTo(probabilities![2 * r + 1]!, 12);
      expect(base + values[3 * r]! + values[3 * r + 1]! + values[3 * r + 2]!).toBeCloseTo(predictions[r]!, 12);
    }
    const other = await shapley(fitted, asked, { background: hard, output: "hard" });
    other.values.forEach((value, i) => void expect(value).toBeCloseTo(-values[i]!, 10));
  });

  it("of a network are in the units of the data, and of parts of an image add up", async () => {
    const data = dataset({
      inputs: array(
        [
          [1, 200],
          [4, 350],
          [9, 100],
        ],
        { dtype: "f64" },
      ),
      targets: array([[10], [40], [80]], { dtype: "f64" }),
      inputNames: ["age", "cement"],
    });
    const layer = dense({ units: 1 });
    const model = {
      layer,
      inputShape: [2],
      variables: await initialize(backend, layer, [2], 0, "f64"),
      preprocessing: fitPreprocessing(data, { inputs: standardize(), targets: standardize() }),
    };
    const { inputs, base, values, predictions } = await shapley(model, array([[5, 300]], { dtype: "f64" }), {
      backend,
      background: data,
    });
    expect(inputs).toEqual(["age", "cement"]);
    const at = async (row: number[]) =>
      Number((await predict(model, array([row], { dtype: "f64" }), { backend })).data[0]);
    const means = [14 / 3, 650 / 3];
    expect(values[0]).toBeCloseTo((await at([5, 300])) - (await at([means[0]!, 300])), 8);
    expect(base + values[0]! + values[1]!).toBeCloseTo(predictions[0]!, 8);
    const sumOf = ({ shape, data: pixels }: HostArray) =>
      array(
        Array.from({ length: shape[0]! }, (_, row) =>
          Array.from({ length: 24 }, (_, i) => i * Number(pixels[24 * row + i])).reduce((a, b) => a + b, 0),
        ),
        { dtype: "f64" },
      );
    const image = array(new Array(24).fill(1), { shape: [1, 4, 6, 1], dtype: "f64" });
    const dark = array(new Array(24).fill(0), { shape: [1, 4, 6, 1], dtype: "f64" });
    const parts = gridParts([4, 6], [2, 3]);
    const blocks = await shapley(sumOf, image, { background: dark, parts });
    expect(blocks.inputs).toEqual(["part 0", "part 1", "part 2", "part 3"]);
    const expected = [0, 0, 0, 0];
    for (const [i, part] of parts.data.entries()) expected[Number(part)]! += i;
    expect(Array.from(blocks.values)).toEqual(expected.map((value) => expect.closeTo(value, 8)));
  });

  it("refuses an empty background, and inputs that there are not", async () => {
    const fitted = await ridge().fit(table, "y", { inputs: ["a", "b"] });
    const none = takeTableRows(table, new Int32Array());
    await expect(shapley(fitted, asked, { background: none })).rejects.toThrow(
      "the background has no rows; give some 100 rows of training",
    );
    await expect(shapley(fitted, asked, { background, together: [["z"]] })).rejects.toThrow('has no input "z"');
    await expect(shapley(fitted, asked, {} as never)).rejects.toThrow('option "background" is missing');
    const same = (x: HostArray) => x;
    await expect(shapley(same, array([[1]]), { background: array([], { shape: [0, 1] }) })).rejects.toThrow(
      "the background has no rows",
    );
    await expect(shapley(same, array([[[1], [2]]]), { background: array([[[1], [2]]]) })).rejects.toThrow(
      "give parts, such as gridParts([2], 8)",
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(shapley(fitted, asked, { background, signal })).rejects.toThrow("enough");
  });
});

it("takes 15 inputs exactly, and more by drawing", async () => {
  // The product of the first two, and a sum of the others.
  const model = ({ shape, data }: HostArray) => {
    const width = shape[1]!;
    return array(
      Array.from({ length: shape[0]! }, (_, row) => {
        const cells = Array.from(data.subarray(row * width, (row + 1) * width), Number);
        return cells[0]! * cells[1]! + cells.slice(2).reduce((sum, cell, i) => sum + (i + 1) * cell, 0);
      }),
      { dtype: "f64" },
    );
  };
  const ones = (width: number) => array([new Array(width).fill(1)], { dtype: "f64" });
  const zero = (width: number) => ({ background: array([new Array(width).fill(0)], { dtype: "f64" }) });
  const shares = (width: number) => Array.from({ length: width }, (_, i) => (i < 2 ? 0.5 : i - 1));
  const exact = await exactShapley(model, ones(15), { ...zero(15), batchSize: 4096 });
  expect(Array.from(exact.values)).toEqual(shares(15).map((value) => expect.closeTo(value, 9)));
  await expect(exactShapley(model, ones(16), zero(16))).rejects.toThrow(
    "exactShapley: received 16 inputs, which have 2^16 subsets; it takes up to 15: put some together, or take kernelShapley.",
  );
  const drawn = await kernelShapley(model, ones(30), { ...zero(30), samples: 400, batchSize: 4096 });
  expect(drawn.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1 + (28 * 29) / 2, 9);
  shares(30).forEach((share, i) => void expect(Math.abs(drawn.values[i]! - share)).toBeLessThan(0.1));
  expect(await kernelShapley(model, ones(30), { ...zero(30), samples: 400, seed: 1 })).not.toEqual(drawn);
  await expect(kernelShapley(model, ones(30), { ...zero(30), samples: 20 })).rejects.toThrow(
    "received 20 samples for 30 inputs; give two for each",
  );
});

it.each([
  [5, 100],
  [6, 100],
  [6, 40],
  [12, 300],
])("weighs the sizes of subsets of %d as the Shapley kernel does, in at most %d", (count, samples) => {
  const { coalitions, weights } = drawnCoalitions(count, samples, 0);
  expect(coalitions.count).toBeLessThanOrEqual(samples);
  const bySize = new Array<number>(count + 1).fill(0);
  for (const [i, weight] of weights.entries()) {
    const size = coalitions.members.subarray(i * count, (i + 1) * count).reduce((sum, member) => sum + member, 0);
    bySize[size]! += weight;
  }
  expect([bySize[0], bySize[count]]).toEqual([0, 0]);
  const kernel = (size: number) => (count - 1) / (size * (count - size));
  const isWhole = 2 ** count - 2 <= samples;
  const whole = Array.from({ length: count - 1 }, (_, i) => kernel(i + 1)).reduce((a, b) => a + b, 0);
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(whole, 9);
  if (isWhole) expect(coalitions.count).toBe(2 ** count - 2);
  for (let size = 1; size < count; size++) {
    expect(bySize[size]).toBeCloseTo(bySize[count - size]!, 9);
    if (isWhole) expect(bySize[size]).toBeCloseTo(kernel(size), 9);
  }
});
