// What is told of methods and of single images, by numbers that are known.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataset, take } from "@hooke/data";
import { writeReport } from "@hooke/report/node";
import { array, HookeError } from "@hooke/runtime";
import { expect, it, test } from "vitest";
import { largestErrors } from "./largest-errors.ts";
import { learningCurves, scoreTable } from "./learning-curves.ts";

const told = {
  title: "Learning curves",
  caption: "Two draws.",
  labels: [10, 20],
  score: "R2",
  scores: {
    probe: [
      [0.5, 0.7],
      [0.875, 0.875],
    ],
    scratch: [[0.25], [0.5]],
  },
};
const images = dataset({
  inputs: array([[[[0], [1]]], [[[0.5], [2]]], [[[-1], [0.2]]]]),
  targets: array([[1], [2], [3]]),
});
const predictions = array([1.25, 0, 3.25]);

it("draws means over draws, and lists them with their standard deviations", () => {
  expect(learningCurves(told).series).toEqual([
    { label: "probe", values: [0.6, 0.875] },
    { label: "scratch", values: [0.25, 0.5] },
  ]);
  const { columns, rows } = scoreTable(told);
  expect(columns.map(({ label }) => label)).toEqual(["method", "R2, 10 labels", "R2, 20 labels"]);
  expect(rows).toEqual([
    ["probe", "0.600 ± 0.141", "0.875 ± 0.000"],
    ["scratch", "0.250", "0.500"],
  ]);
});

it("shows the worst first, of equal errors the first row, with dark and light as asked", () => {
  const found = largestErrors({ images, predictions, count: 2, unit: "GPa", caption: "By a probe." });
  expect(found.map(({ title }) => title)).toEqual([
    "Predicted 0.00, actually 2.00 GPa",
    "Predicted 1.25, actually 1.00 GPa",
  ]);
  expect(found[0]).toMatchObject({ width: 2, height: 1, caption: "By a probe.", pixels: Uint8Array.of(128, 255) });
  const [turned] = largestErrors({ images, predictions, range: [1, 0] });
  expect(turned!.pixels).toEqual(Uint8Array.of(128, 0));
  expect(largestErrors({ images, predictions })).toHaveLength(3);
});

it("gives figures that reports take", async () => {
  const figures = [learningCurves(told), scoreTable(told), ...largestErrors({ images, predictions })];
  const folder = await mkdtemp(join(tmpdir(), "told-of-transfer-"));
  try {
    const file = join(folder, "told.html");
    await writeReport(file, { title: "Told", figures });
    expect(await readFile(file, "utf8")).toContain("Predicted 0.00, actually 2.00");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [
    "other numbers of scores",
    () => learningCurves({ ...told, labels: [10] }),
    /scores of "probe" that are not for each of the 1/,
  ],
  ["labels in disorder", () => scoreTable({ ...told, labels: [20, 10] }), /ascending/],
  ["no scores", () => learningCurves({ ...told, scores: {} }), /scores by method/],
  ["a score that is not finite", () => scoreTable({ ...told, scores: { a: [[1], [Number.NaN]] } }), /finite scores/],
  [
    "rows of features",
    () => largestErrors({ images: dataset({ inputs: array([[1]]), targets: array([1]) }), predictions: array([1]) }),
    /takes images/,
  ],
  [
    "other numbers of predictions",
    () => largestErrors({ images: take(images, [0, 1]), predictions }),
    /predictions \[3\] for 2 images/,
  ],
  [
    "predictions that are not finite",
    () => largestErrors({ images, predictions: array([1, Number.NaN, 2]) }),
    /row 2 is NaN/,
  ],
  ["an empty range", () => largestErrors({ images, predictions, range: [1, 1] }), /two numbers/],
])("refuses %s", (_, call, message) => {
  expect(call).toThrow(message);
  expect(call).toThrow(HookeError);
});
