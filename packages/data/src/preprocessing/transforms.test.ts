// Transforms: closed forms, inverses, JSON, fitted on the training part only, and messages.
import { array, type HostArray } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dataset, take } from "../datasets/dataset.ts";
import { tableDataset } from "../datasets/table-dataset.ts";
import { parseCsv } from "../tables/csv/index.ts";
import { fitPreprocessing, preprocess, preprocessInputs, restoreTargets, warningsOf } from "./preprocessing.ts";
import {
  applyTransform,
  fitTransform,
  invertTransform,
  logTransform,
  minMax,
  standardize,
  type Transform,
} from "./transforms.ts";

const names = ["a", "b"];
const values = array(
  [
    [1, 10],
    [2, 10],
    [3, 40],
  ],
  { dtype: "f64" },
);
const close = (actual: HostArray, expected: readonly number[], digits = 12) => {
  expect(actual.data.length).toBe(expected.length);
  actual.data.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, digits));
};

describe("fitted values", () => {
  test("standardize: mean and population standard deviation", () => {
    expect(fitTransform(standardize(), values, names)).toEqual({
      type: "standardize",
      columns: names,
      mean: [2, 20],
      std: [Math.sqrt(2 / 3), Math.sqrt(200)],
    });
  });

  test("minMax", () => {
    expect(fitTransform(minMax(), values, names)).toEqual({
      type: "minMax",
      columns: names,
      min: [1, 10],
      max: [3, 40],
    });
  });

  test("a mean far above the spread costs no digits", () => {
    const shifted = array(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3));
    expect(fitTransform(standardize(), shifted, ["a"])).toMatchObject({ mean: [1e9 + 2], std: [Math.sqrt(2 / 3)] });
  });
});

test.each<[string, () => unknown, string]>([
  ["a range", () => minMax({ min: -1 } as never), 'minMax: received the unknown option "min". It has "columns".'],
  ["a base", () => logTransform({ base: 10 } as never), 'unknown option "base"'],
  ["one letter less", () => standardize({ column: ["a"] } as never), 'Did you mean "columns"?'],
  [
    "names",
    () => standardize(["a"] as never),
    'received ["a"]; some columns are named as standardize({ columns: ["..."] })',
  ],
  ["values", () => standardize(values as never), "received f64[3, 2]; some columns are named"],
])("%s", (_, make, message) => expect(make).toThrow(message));

describe("apply and invert", () => {
  test.each([
    [standardize(), [-Math.sqrt(1.5), -Math.SQRT1_2, 0, -Math.SQRT1_2, Math.sqrt(1.5), Math.SQRT2]],
    [minMax(), [0, 0, 0.5, 0, 1, 1]],
    [logTransform(), [0, Math.log(10), Math.LN2, Math.log(10), Math.log(3), Math.log(40)]],
    [minMax({ columns: ["b"] }), [1, 0, 2, 0, 3, 1]],
  ])("%j", (spec, expected) => {
    const fitted: Transform = JSON.parse(JSON.stringify(fitTransform(spec, values, names)));
    const applied = applyTransform(fitted, values, names);
    close(applied, expected);
    close(invertTransform(fitted, applied, names), [...values.data]);
    const single = applyTransform(
      fitted,
      array([
        [1, 10],
        [2, 10],
        [3, 40],
      ]),
      names,
    );
    expect(single.dtype).toBe("f32");
    close(single, expected, 6);
  });

  test("leading axes are free, and one column may be a plain vector", () => {
    const fitted = fitTransform(standardize(), array(Float64Array.of(1, 3)), ["a"]);
    expect(applyTransform(fitted, array(Float64Array.of(5)), ["a"]).data[0]).toBe(3);
    expect(invertTransform(fitted, array(Float64Array.of(3, 0), { shape: [2, 1, 1] }), ["a"]).shape).toEqual([2, 1, 1]);
  });
});

describe("preprocessing", () => {
  const table = parseCsv("age,mix,y\n1,4,10\n10,6,20\n100,8,60\n1000,900,7000", { source: "mix.csv" });
  const data = tableDataset(table, { target: "y", dtype: "f64" });
  const train = take(data, [0, 1, 2]);
  const fitted = fitPreprocessing(train, {
    inputs: [logTransform({ columns: ["age"] }), standardize()],
    targets: minMax(),
  });

  test("is fitted on the rows it is given, each transform on what the ones before produce", () => {
    expect(fitted.inputs[1]).toMatchObject({ type: "standardize", mean: [Math.log(10), 6] });
    expect(fitted.targets).toEqual([{ type: "minMax", columns: ["y"], min: [10], max: [60] }]);
    const scaled = preprocess(fitted, train);
    close(scaled.inputs, [-Math.sqrt(1.5), -Math.sqrt(1.5), 0, 0, Math.sqrt(1.5), Math.sqrt(1.5)]);
    close(scaled.targets, [0, 0.2, 1]);
    expect(train.inputs.data[0]).toBe(1);
  });

  test("survives JSON bit for bit and restores targets", () => {
    const loaded = JSON.parse(JSON.stringify(fitted));
    expect(loaded).toEqual(fitted);
    expect(preprocess(loaded, data)).toEqual(preprocess(fitted, data));
    close(restoreTargets(loaded, preprocess(loaded, data).targets), [10, 20, 60, 7000], 9);
    expect(preprocessInputs(loaded, data.inputs)).toEqual(preprocess(fitted, data).inputs);
  });

  // scikit-learn's StandardScaler and MinMaxScaler: scale 1.
  test.each([
    ["standardize", standardize(), { mean: [0.1], std: [0] }],
    ["minMax", minMax(), { min: [0.1], max: [0.1] }],
  ] as const)(
    "a column that is constant in the fitted rows is shifted, not scaled, with a warning: %s",
    (type, spec, found) => {
      // The mean of ten times 0.1 rounds to another number.
      const values = array(new Float64Array(10).fill(0.1), { shape: [10, 1] });
      const constant = fitPreprocessing(dataset({ inputs: values, targets: values, inputNames: ["age"] }), {
        inputs: spec,
        targets: spec,
      });
      expect(constant.inputs).toEqual([{ type, columns: ["age"], ...found }]);
      expect(
        preprocess(constant, dataset({ inputs: values, targets: values, inputNames: ["age"] })).inputs.data,
      ).toEqual(new Float64Array(10));
      const other = array(new Float64Array([0.1, 2.1]), { shape: [2, 1] });
      expect(preprocessInputs(constant, other).data).toEqual(new Float64Array([0, 2]));
      expect(restoreTargets(constant, array(new Float64Array([0]), { shape: [1, 1] })).data).toEqual(
        new Float64Array([0.1]),
      );
      const said =
        "is constant in the training rows (every value is 0.1), so that it is not scaled and tells the model nothing.";
      expect(warningsOf(constant)).toEqual([`${type}: column "age" ${said}`, `${type}: column "target0" ${said}`]);
    },
  );

  test("no transforms leave the data alone", () => {
    expect(preprocess(fitPreprocessing(train, {}), data)).toEqual(data);
  });

  test.each([
    [
      "log of zero",
      () =>
        fitPreprocessing(tableDataset(parseCsv("a,b,y\n1,2,3\n4,0,6", { source: "mix.csv" }), { target: "y" }), {
          inputs: logTransform(),
        }),
      'mix.csv: line 3 holds 0 in column "b"; the log transform takes values above 0.',
    ],
    [
      "log of a negative number, later",
      () => applyTransform({ type: "log", columns: ["a"] }, array([1, -2]), ["a"]),
      'log: row 1 holds -2 in column "a"; the log transform takes values above 0.',
    ],
    [
      "unknown column",
      () => fitPreprocessing(train, { inputs: standardize({ columns: ["agee"] }) }),
      'standardize: there is no column "agee". Did you mean "age"? The columns are "age", "mix".',
    ],
    [
      "other columns",
      () => preprocess(fitted, tableDataset(table, { target: "y", inputs: ["mix"] })),
      'mix.csv: the inputs are "mix"; the model was trained on "age", "mix". They lack "age". Give the columns',
    ],
    [
      "width",
      () => preprocessInputs(fitted, array([[1, 2, 3]])),
      'log: received f32[1, 3]; it takes f32 or f64 with 2 columns ("age", "mix") on the last axis.',
    ],
    [
      "integers",
      () => preprocessInputs(fitted, array(Int32Array.of(1, 2), { shape: [1, 2] })),
      "log: received i32[1, 2]; it takes f32 or f64",
    ],
    ["NaN", () => fitTransform(standardize(), array([1, Number.NaN]), ["a"]), 'standardize: column "a" holds NaN'],
    [
      "a column scaled twice",
      () => fitPreprocessing(train, { inputs: [standardize({ columns: ["age"] }), standardize()] }),
      'standardize: is asked for twice for the column "age", where once does it all; leave one out.',
    ],
    [
      "a column named twice",
      () => fitPreprocessing(train, { inputs: logTransform({ columns: ["age", "age"] }) }),
      'log: is asked for twice for the column "age", where once does it all; leave one out.',
    ],
    [
      "unknown type",
      () => applyTransform({ type: "robust", columns: ["a"] } as never, array([1]), ["a"]),
      'transform: received the type "robust"; known types are "standardize", "minMax" and "log".',
    ],
  ])("%s", (_, run, message) => expect(run).toThrow(message));
});
