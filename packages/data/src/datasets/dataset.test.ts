// Datasets from tables and arrays: columns, one-hot, row selection, and messages that name row and column.
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../tables/csv/index.ts";
import { dataset, take, takeRows } from "./dataset.ts";
import { tableDataset } from "./table-dataset.ts";

const table = parseCsv("cement,kind,age,strength\n540,b,28,80\n332,a,90,40\n266,b,7,20\n", { source: "mix.csv" });

describe("tableDataset", () => {
  test("numeric columns that are not targets are the inputs", () => {
    const data = tableDataset(table, { target: "strength" });
    expect(data.inputNames).toEqual(["cement", "age"]);
    expect(data.targetNames).toEqual(["strength"]);
    expect(data.inputs).toEqual(
      array(
        [
          [540, 28],
          [332, 90],
          [266, 7],
        ],
        { dtype: "f64" },
      ),
    );
    expect(data.targets).toEqual(array([[80], [40], [20]], { dtype: "f64" }));
    expect(data.count).toBe(3);
  });

  test("named inputs keep the given order", () => {
    const data = tableDataset(table, { target: "strength", inputs: ["age", "cement"] });
    expect(data.inputs).toEqual(
      array(
        [
          [28, 540],
          [90, 332],
          [7, 266],
        ],
        { dtype: "f64" },
      ),
    );
  });

  test("one-hot columns: text sorted, numbers in order, fixed categories", () => {
    const data = tableDataset(table, { target: "strength", oneHot: ["kind", "age"] });
    expect(data.inputNames).toEqual(["cement", "kind=a", "kind=b", "age=7", "age=28", "age=90"]);
    expect([...takeRows(data.inputs, [1]).data]).toEqual([332, 1, 0, 0, 0, 1]);
    expect(data.categories).toEqual({ kind: ["a", "b"], age: ["7", "28", "90"] });
    const fixed = tableDataset(table, {
      target: "kind",
      inputs: ["age"],
      oneHot: ["kind"],
      categories: { kind: ["b", "c", "a"] },
    });
    expect(fixed.targets).toEqual(
      array(
        [
          [1, 0, 0],
          [0, 0, 1],
          [1, 0, 0],
        ],
        { dtype: "f64" },
      ),
    );
    expect(fixed.targetNames).toEqual(["kind=b", "kind=c", "kind=a"]);
  });

  test("no target", () => {
    expect(tableDataset(table, { target: [] }).targets.shape).toEqual([3, 0]);
  });

  const nan = parseCsv("a,b,y\n1,2,3\n4,,6", { source: "mix.csv" });
  const infinite = parseCsv("a,y\n1,2\n\n3,-inf", { source: "mix.csv" });
  const typo = parseCsv("a,b,y\n1,n/a,3\n4,5,6", { source: "mix.csv" });
  const columns = 'The columns are "cement", "kind", "age", "strength".';
  test.each([
    [
      "unknown target",
      table,
      { target: "stregth" },
      `mix.csv: there is no column "stregth". Did you mean "strength"? ${columns}`,
    ],
    [
      "unknown input",
      table,
      { target: "strength", inputs: ["Age"] },
      `mix.csv: there is no column "Age". Did you mean "age"? ${columns}`,
    ],
    [
      "unknown one-hot",
      table,
      { target: "strength", oneHot: ["colour"] },
      `mix.csv: there is no column "colour". ${columns}`,
    ],
    [
      "text used as a number",
      table,
      { target: "kind", classes: false },
      'mix.csv: column "kind" is used as numbers and holds the text "b" on line 2; correct the cell, or list it as missing: ["b"]. If it is no number, one-hot encode the column with oneHot: ["kind"], or say types: { "kind": "text" }.',
    ],
    [
      "one text among numbers",
      typo,
      { target: "y" },
      'mix.csv: column "b" is used as numbers and holds "n/a", a mark of a missing number, on line 2; pass missing: ["n/a"]',
    ],
    [
      "missing number",
      nan,
      { target: "y" },
      'mix.csv: line 3 holds NaN in column "b"; correct the value or leave the row out (a missing cell of a CSV file is NaN: parseCsv takes onMissing: "dropRows").',
    ],
    ["infinite target", infinite, { target: "y" }, 'mix.csv: line 4 holds -Infinity in column "y";'],
    [
      "input and target",
      table,
      { target: "age", inputs: ["age"] },
      'mix.csv: column "age" is an input and a target; take it out of one.',
    ],
    [
      "no inputs asked for",
      table,
      { target: "age", inputs: [] },
      "tableDataset: received no inputs; name at least one column, or leave inputs out to take all that are numbers or one-hot.",
    ],
    [
      "no input left",
      parseCsv("y\n1", { source: "mix.csv" }),
      { target: "y" },
      'mix.csv: no input column is left beside the target "y"; the columns are "y".',
    ],
    [
      "unknown category",
      table,
      { target: "strength", oneHot: ["kind"], categories: { kind: ["a"] } },
      'mix.csv: the category of column "kind" on line 2 is "b"; the categories are "a".',
    ],
    [
      "missing category",
      parseCsv("k,y\na,1\n,2", { source: "mix.csv" }),
      { target: "y", oneHot: ["k"] },
      'mix.csv: the category of column "k" on line 3 is missing; the categories are "a".',
    ],
  ])("%s", (_, from, options, message) => expect(() => tableDataset(from, options)).toThrow(message));
});

describe("dataset", () => {
  test("default names; any rank", () => {
    const data = dataset({ inputs: array(new Float32Array(12), { shape: [2, 3, 2] }), targets: array([0, 1]) });
    expect(data.inputNames).toEqual(["input0", "input1"]);
    expect(data.targetNames).toEqual(["target0"]);
  });

  test.each([
    [
      "row counts",
      { inputs: array([[1], [2]]), targets: array([1]) },
      "dataset: received inputs f32[2, 1] and targets f32[1]; the first axis of both counts the samples and must have the same length.",
    ],
    ["scalar", { inputs: array(1), targets: array(1) }, "dataset: received inputs f32[] and targets f32[];"],
    ["no rows", { inputs: array([]), targets: array([]) }, "dataset: received no rows; a dataset needs at least one."],
    [
      "NaN",
      {
        inputs: array([
          [1, 2],
          [3, Number.NaN],
        ]),
        targets: array([1, 2]),
        inputNames: ["a", "b"],
      },
      'dataset: row 1 holds NaN in column "b";',
    ],
    [
      "infinite target",
      { inputs: array([1, 2]), targets: array([1, Infinity]) },
      'dataset: row 1 holds Infinity in column "target0";',
    ],
    [
      "names",
      { inputs: array([[1, 2]]), targets: array([1]), inputNames: ["a"] },
      'dataset: received 1 inputNames ("a") for f32[1, 2], whose last axis is 2.',
    ],
  ])("%s", (_, options, message) => expect(() => dataset(options)).toThrow(message));
});

describe("rows", () => {
  test("take keeps names and lines", () => {
    const rows = take(tableDataset(table, { target: "strength" }), [2, 0]);
    expect(rows.targets).toEqual(array([[20], [80]], { dtype: "f64" }));
    expect([...rows.lines!]).toEqual([4, 2]);
    expect(rows.count).toBe(2);
  });

  test.each([1, 3, 64, 65, 200])("takeRows copies rows of width %i, into a given array too", (width) => {
    const values = array(
      Float64Array.from({ length: 5 * width }, (_, i) => i),
      { shape: [5, width] },
    );
    const expected = [...values.data.subarray(3 * width, 4 * width), ...values.data.subarray(0, width)];
    expect([...takeRows(values, [3, 0]).data]).toEqual(expected);
    const into = array(new Float64Array(2 * width), { shape: [2, width] });
    expect(takeRows(values, [3, 0], into)).toBe(into);
    expect([...into.data]).toEqual(expected);
  });

  test("takeRows keeps rank and dtype", () => {
    expect(takeRows(array([true, false]), [1])).toEqual(array([false]));
    expect(takeRows(array(new Int32Array(8), { shape: [2, 2, 2] }), []).shape).toEqual([0, 2, 2]);
  });

  test.each([
    [[2], undefined, "takeRows: received row 2 of f32[2, 1]; rows run from 0 to 1."],
    [[-1], undefined, "takeRows: received row -1 of f32[2, 1]; rows run from 0 to 1."],
    [[0], array([1, 2]), "takeRows: received f32[2] to hold 1 rows of f32[2, 1]."],
    [[0], array([1], { dtype: "f64" }), "takeRows: received f64[1] to hold 1 rows of f32[2, 1]."],
  ])("takeRows %j", (rows, into, message) => expect(() => takeRows(array([[1], [2]]), rows, into)).toThrow(message));
});
