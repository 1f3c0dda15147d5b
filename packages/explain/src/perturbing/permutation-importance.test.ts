// Permutation importance of networks against closed forms, of fitted methods as baselines has it.
import { permutationImportance as ofFitted, ridge } from "@hooke/baselines";
import { dense, flatten, initialize, sequential } from "@hooke/core";
import { dataset, fitPreprocessing, standardize, tableOf } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { permutationImportance } from "./permutation-importance.ts";

const backend = referenceBackend();
const draw = (i: number, k: number) => Math.abs(Math.sin(12.9898 * i + 78.233 * k) * 43758.5453) % 1;
const rows = Array.from({ length: 400 }, (_, i) => [draw(i, 1), draw(i, 2), 2 * draw(i, 1) + 1]);

it("of a network that is right is what its inputs are worth, in the unit of the target; inputs that say the same go together", async () => {
  const inputs = array(rows, { dtype: "f64" });
  const targets = array(
    rows.map(([a, b, twin]) => [6 * a! + 2 * b! + twin!]),
    { dtype: "f64" },
  );
  const data = dataset({ inputs, targets, inputNames: ["a", "b", "twin"] });
  const preprocessing = fitPreprocessing(data, { inputs: standardize(), targets: standardize() });
  const [{ std }] = preprocessing.inputs as unknown as [{ std: number[] }];
  const [
    {
      std: [scale],
    },
  ] = preprocessing.targets as unknown as [{ std: [number] }];
  const layer = dense({ units: 1, bias: false });
  const kernel = array(
    [6, 2, 1].map((weight, i) => [(weight * std[i]!) / scale]),
    { dtype: "f64" },
  );
  const model = { layer, inputShape: [3], variables: { params: { kernel }, state: {} }, preprocessing };
  const { error, groups } = await permutationImportance(model, data, { backend, batchSize: 512 });
  expect(error).toBeLessThan(1e-9);
  // Two numbers that are drawn apart differ by twice their variance in the mean of squares.
  const rise = (weight: number, column: number) => weight * Math.sqrt(2) * std[column]!;
  const off = (value: number, expected: number) => Math.abs(value / expected - 1);
  expect(groups.map(({ inputs: names }) => names)).toEqual([["a", "twin"], ["b"]]);
  expect(off(groups[0]!.value, rise(8, 0))).toBeLessThan(0.02);
  expect(off(groups[1]!.value, rise(2, 1))).toBeLessThan(0.02);
  for (const { lower, value, upper } of groups) expect(lower < value && value < upper).toBe(true);
  const apart = await permutationImportance(model, data, { backend, together: [["twin"]], batchSize: 512 });
  expect(off(apart.groups[0]!.value, rise(1, 2))).toBeLessThan(0.02);
});

it("of channels of histories moves them whole, and of classes is judged by cross-entropy", async () => {
  const inputs = array(
    rows.slice(0, 40).map(([a, b]) => [
      [a!, b!],
      [a!, 0],
    ]),
    { dtype: "f64" },
  );
  const targets = array(
    rows.slice(0, 40).map(([a]) => (a! > 0.5 ? 1 : 0)),
    { dtype: "i32" },
  );
  const data = dataset({ inputs, targets, inputNames: ["a", "b"], classes: ["low", "high"] });
  const layer = sequential([flatten(), dense({ units: 2 })]);
  const variables = await initialize(backend, layer, [2, 2], 0, "f64");
  const kernel = array(
    [
      [-10, 10],
      [0, 0],
      [-10, 10],
      [0, 0],
    ],
    { dtype: "f64" },
  );
  const bias = array([10, -10], { dtype: "f64" });
  const model = {
    layer,
    inputShape: [2, 2],
    variables: { ...variables, params: { ...(variables.params as object), "1": { kernel, bias } } },
  };
  const { groups, error } = await permutationImportance(model as never, data, { backend });
  expect(groups.map(({ inputs: names }) => names.join())).toEqual(["a", "b"]);
  expect(groups[0]!.value).toBeGreaterThan(10 * error);
  expect(groups[1]!.value).toBe(0);
});

it("of a fitted method is that of baselines, and refuses what it does not know", async () => {
  const table = tableOf({ a: rows.slice(0, 30).map(([a]) => a!), y: rows.slice(0, 30).map(([a]) => 2 * a!) });
  const fitted = await ridge().fit(table, "y");
  expect(await permutationImportance(fitted, table, { folds: 3 })).toEqual(await ofFitted(fitted, table, { folds: 3 }));
  const layer = dense({ units: 1 });
  const model = { layer, inputShape: [3], variables: await initialize(backend, layer, [3], 0) };
  const data = dataset({ inputs: array(rows), targets: array(rows.map(() => [1])), inputNames: ["a", "b", "c"] });
  await expect(permutationImportance(model, data, { backend, together: [["d"]] })).rejects.toThrow(
    'has no input "d"; the inputs are "a", "b", "c"',
  );
  await expect(permutationImportance(model, data, { backend, weights: [1, 2] })).rejects.toThrow(
    "received 2 weights for 400 rows",
  );
  await expect(permutationImportance(model, table as never, { backend })).rejects.toThrow("expected a dataset");
});
