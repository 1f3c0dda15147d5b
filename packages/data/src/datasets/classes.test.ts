// Classes: names kept from a table to a model's predictions, and labels that have none refused with their row.
import { array } from "@hooke/runtime";
import { expect, test } from "vitest";
import { alignColumns, fitPreprocessing } from "../preprocessing/preprocessing.ts";
import { parseCsv } from "../tables/csv/index.ts";
import { balancedWeights, classesOf } from "./classes.ts";
import { dataset, take } from "./dataset.ts";
import { tableDataset } from "./table-dataset.ts";

const table = parseCsv("x,state\n1,ok\n2,fail\n3,ok\n4,doubtful", { source: "tests.csv" });
const data = tableDataset(table, { target: "state" });

test("a target of text becomes labels of sorted classes, whatever the order of rows", () => {
  expect([data.classes, data.targets.dtype, [...data.targets.data]]).toEqual([
    ["doubtful", "fail", "ok"],
    "i32",
    [2, 1, 2, 0],
  ]);
  expect([data.targets.shape, data.targetNames, data.inputNames]).toEqual([[4], ["state"], ["x"]]);
  expect(take(data, [1]).classes).toBe(data.classes);
});

test("numbers become classes where that is asked for, and keep their text", () => {
  const grades = parseCsv("x,grade\n1,007\n2,10\n3,007");
  const { classes, targets } = tableDataset(grades, { target: "grade", classes: true });
  expect([classes, [...targets.data]]).toEqual([
    ["007", "10"],
    [0, 1, 0],
  ]);
  expect(tableDataset(grades, { target: "grade" }).classes).toBeUndefined();
});

test("the model's classes read new data and name predictions", () => {
  const preprocessing = fitPreprocessing(data, {});
  const model = { preprocessing: JSON.parse(JSON.stringify(preprocessing)) };
  const other = parseCsv("x,state\n1,ok");
  expect([...tableDataset(other, { target: "state", classes: preprocessing.classes! }).targets.data]).toEqual([2]);
  expect(() => alignColumns(preprocessing, tableDataset(other, { target: "state" }))).toThrow(
    'has the classes "ok", the model was trained with "doubtful", "fail", "ok"; read the data with classes: model.preprocessing.classes.',
  );
  expect(
    classesOf(
      model,
      array([
        [0, 1, 0.5],
        [-3, -2, -1],
      ]),
    ),
  ).toEqual(["fail", "ok"]);
  expect(() => classesOf(model, array([[0, 1]]))).toThrow(
    'received f32[1, 2] for the classes "doubtful", "fail", "ok".',
  );
  expect(classesOf({ preprocessing: { ...preprocessing, classes: ["no", "yes"] } }, array([[-1], [1]]))).toEqual([
    "no",
    "yes",
  ]);
  expect(() => classesOf({}, array([[0, 1]]))).toThrow("classesOf: the model knows no classes");
});

test("balanced weights are scikit-learn's", () => {
  // compute_class_weight("balanced", classes=[0, 1, 2], y=[2, 1, 2, 0]): 4/3, 4/3, 2/3.
  expect([...balancedWeights(data).data]).toEqual([2 / 3, 4 / 3, 2 / 3, 4 / 3].map(Math.fround));
});

const labels = array([0, 2], { dtype: "i32" });
test.each<[string, () => unknown, string]>([
  [
    "the name of a file for a table",
    () => tableDataset("tests.csv" as never, { target: "state" }),
    'tableDataset: received "tests.csv" as the table; expected a table, such as parseCsv(text) makes.',
  ],
  [
    "an option of another name",
    () => tableDataset(table, { targets: "state" } as never),
    'tableDataset: received the unknown option "targets". It has "target", "inputs", "oneHot", "categories", "classes", "dtype". Did you mean "target"?',
  ],
  [
    "a table for a training part",
    () => balancedWeights(table as never),
    'as the training part; expected a dataset: tableDataset(table, { target: "..." }) makes one of a table.',
  ],
  [
    "a class that training did not have",
    () => tableDataset(table, { target: "state", classes: ["fail", "ok"] }),
    'tests.csv: the class of column "state" on line 5 is "doubtful"; the classes are "fail", "ok".',
  ],
  [
    "a label without a name",
    () => dataset({ inputs: array([[1], [2]]), targets: labels, classes: ["a", "b"] }),
    "dataset: row 1 holds the label 2; 2 classes are numbered from 0 to 1.",
  ],
  [
    "labels in floating point",
    () => dataset({ inputs: array([[1]]), targets: array([0]), classes: ["a", "b"] }),
    'dataset: received classes and targets f32[1]; labels are whole numbers: array(labels, { dtype: "i32" }).',
  ],
  [
    "classes of one name",
    () => dataset({ inputs: array([[1], [2]]), targets: labels, classes: ["a", "a"] }),
    'dataset: received the classes "a", "a"; give each class a name of its own.',
  ],
])("refuses %s", (_, make, message) => {
  expect(make).toThrow(message);
});
