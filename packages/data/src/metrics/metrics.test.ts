// Metrics against scikit-learn (golden files), against closed forms, and the message of every refusal.
import { readFileSync } from "node:fs";
import { array, type DType, type HostArray } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { accuracy, auroc, confusionMatrix, type F1Options, f1, type Metric, mae, mape, r2, rmse } from "./index.ts";

const metrics: Record<string, Metric<never>> = { mae, rmse, mape, r2, accuracy, f1, auroc };

interface Stored {
  readonly shape: number[];
  readonly dtype: string;
  readonly data: number[];
}
interface Case {
  readonly name: string;
  readonly operation: string;
  readonly config: F1Options;
  readonly inputs: { readonly predictions?: Stored; readonly scores?: Stored; readonly targets: Stored };
  readonly outputs: { readonly value: Stored };
}
const goldenFile = new URL("../../../testkit/golden/metrics.json", import.meta.url);
const golden: { cases: Case[] } = JSON.parse(readFileSync(goldenFile, "utf8"));
const load = ({ shape, dtype, data }: Stored): HostArray => array(data, { shape, dtype: dtype as DType });

describe("scikit-learn", () => {
  test.each(golden.cases.map((entry) => [entry.name, entry] as const))(
    "%s",
    (_, { operation, config, inputs, outputs }) => {
      const predictions = load((inputs.predictions ?? inputs.scores)!);
      const targets = load(inputs.targets);
      if (operation === "confusionMatrix") {
        expect(confusionMatrix(predictions, targets, config)).toEqual(load(outputs.value));
      } else {
        expect(metrics[operation]!.compute(predictions, targets, config as never)).toBeCloseTo(
          outputs.value.data[0]!,
          12,
        );
      }
    },
  );
});

describe("closed forms", () => {
  const numbers = (list: number[], columns = 1) => array(list, { shape: [list.length / columns, columns] });
  const wide = (list: number[]) => array(Float64Array.from(list));
  test.each([
    ["r2 of an exact constant", r2.compute(numbers([2, 2]), numbers([2, 2])), 1],
    ["r2 of a missed constant", r2.compute(numbers([2, 3]), numbers([2, 2])), 0],
    ["r2 of one row", r2.compute(numbers([2]), numbers([3])), Number.NaN],
    ["r2 of a constant that f64 rounds", r2.compute(wide([0.1, 0.2, 0.3]), wide([0.1, 0.1, 0.1])), 0],
    ["r2 of an exact constant that f64 rounds", r2.compute(wide([0.1, 0.1, 0.1]), wide([0.1, 0.1, 0.1])), 1],
    // 1 - 0.5 / 0.5: the offset takes 30 of the 53 bits.
    ["r2 beside a large offset", r2.compute(wide([1e9 + 0.5, 1e9 + 0.5]), wide([1e9, 1e9 + 1])), 0],
    ["r2 of NaN", r2.compute(wide([Number.NaN, 1]), wide([0, 1])), Number.NaN],
    ["rmse of NaN", rmse.compute(wide([Number.NaN, 1]), wide([0, 1])), Number.NaN],
    ["auroc without positives", auroc.compute(array([0, 1]), array([0, 0])), Number.NaN],
    ["auroc without negatives", auroc.compute(array([0, 1]), array([1, 1])), Number.NaN],
    [
      "auroc of three columns and two classes",
      auroc.compute(numbers([1, 0, 0, 0, 1, 0], 3), array([0, 1])),
      Number.NaN,
    ],
    ["accuracy of one row", accuracy.compute(array([2]), array([1])), 1],
    ["f1 of one row without class 1", f1.compute(array(Int32Array.of(0)), array(Int32Array.of(0))), 0],
    ["mape in percent of 200", mape.compute(numbers([150]), numbers([200])), 0.25],
    ["mape of a zero target", mape.compute(numbers([1]), numbers([0])), 2 ** 52],
    ["mae of scalars", mae.compute(array(1), array(3)), 2],
    ["accuracy of logits", accuracy.compute(numbers([-1, 0.2, 3]), numbers([0, 1, 0])), 2 / 3],
    [
      "accuracy of probabilities",
      accuracy.compute(numbers([0.1, 0.2, 0.9]), numbers([0, 1, 0]), { predictions: "probabilities" }),
      1 / 3,
    ],
    ["accuracy of labels", accuracy.compute(array([0, 2, 1]), array([0, 2, 2]), { predictions: "labels" }), 2 / 3],
    ["accuracy of columns", accuracy.compute(numbers([1, 5, 3, 2, 0, 9], 3), array([1, 2])), 1],
    [
      "accuracy of columns, one-hot",
      accuracy.compute(numbers([1, 5, 3, 2, 0, 9], 3), numbers([1, 0, 0, 0, 0, 1], 3)),
      0.5,
    ],
    ["f1 of nothing right", f1.compute(array(Int32Array.of(0, 0)), array(Int32Array.of(1, 1))), 0],
    ["f1 without class 1", f1.compute(array(Int32Array.of(0, 0)), array(Int32Array.of(0, 0))), 0],
    ["f1 macro over present classes", f1.compute(array(Int32Array.of(0, 3)), array(Int32Array.of(0, 3))), 1],
    ["auroc perfect", auroc.compute(array([-3, 0, 1, 9]), array([0, 0, 1, 1])), 1],
    ["auroc reversed", auroc.compute(array([3, 1]), array([0, 1])), 0],
    ["auroc of two logits", auroc.compute(numbers([5, 6, 9, 1], 2), array([1, 0])), 1],
  ])("%s", (_, actual, expected) => {
    if (Number.isNaN(expected)) expect(actual).toBeNaN();
    else expect(actual).toBeCloseTo(expected, 12);
  });

  test.each<[string, Metric<never>, HostArray, HostArray | undefined, string | undefined]>([
    ["one row", r2, array([1]), undefined, "there is one row, which varies about no mean; r2 needs two"],
    ["two rows", r2, array([1, 1]), undefined, undefined],
    [
      "one class",
      auroc,
      array([0, 0]),
      undefined,
      "no row is of class 1; auroc compares the rows of each class with the others",
    ],
    [
      "two classes of three",
      auroc,
      array([0, 2]),
      numbers([1, 0, 0, 0, 1, 0], 3),
      "no row is of class 1; auroc compares the rows of each class with the others",
    ],
    ["both classes", auroc, array([0, 1]), undefined, undefined],
  ])("say why they are undefined: %s", (_, metric, targets, predictions, why) => {
    expect(metric.whyUndefined!(targets, predictions)).toBe(why);
  });

  test("every metric says which way is better", () => {
    const directions = Object.values(metrics).map(({ name, direction }) => `${name} ${direction}`);
    expect(directions).toEqual([
      "mae minimize",
      "rmse minimize",
      "mape minimize",
      "r2 maximize",
      "accuracy maximize",
      "f1 maximize",
      "auroc maximize",
    ]);
  });
});

describe("messages", () => {
  const two = array([0, 1]);
  test.each([
    [
      "shapes",
      () => mae.compute(array([[1], [2]]), two),
      "mae: received predictions f32[2, 1] and targets f32[2]; they must have the same shape.",
    ],
    [
      "empty",
      () => rmse.compute(array([]), array([])),
      "rmse: received no predictions (f32[0]); it needs at least one.",
    ],
    [
      "empty r2",
      () => r2.compute(array([]), array([])),
      "r2: received no predictions (f32[0]); it needs at least one.",
    ],
    [
      "empty labels",
      () => accuracy.compute(array([]), array([])),
      "accuracy: received no predictions (f32[0]); it needs at least one.",
    ],
    [
      "empty auroc",
      () => auroc.compute(array([]), array([])),
      "auroc: received no predictions (f32[0]); it needs at least one.",
    ],
    [
      "rows",
      () => f1.compute(two, array([1])),
      "f1: received predictions f32[2] and targets f32[1]; they must have the same number of rows.",
    ],
    [
      "rank",
      () => accuracy.compute(array([[[1]]]), two),
      "accuracy: received predictions f32[1, 1, 1]; they are [rows] or [rows, columns].",
    ],
    [
      "no label",
      () => accuracy.compute(two, array([0, 0.5])),
      "accuracy: targets hold 0.5 in row 1; labels are whole numbers from 0.",
    ],
    [
      "NaN",
      () => accuracy.compute(array([0, Number.NaN]), two),
      "accuracy: predictions hold NaN in row 1; they have no class.",
    ],
    [
      "NaN column",
      () =>
        accuracy.compute(
          array([
            [0, 1],
            [Number.NaN, 1],
          ]),
          two,
        ),
      "accuracy: predictions hold NaN in row 1; they have no class.",
    ],
    [
      "too many labels",
      () => confusionMatrix(two, array([0, 4]), { classes: 3 }),
      "confusionMatrix: received the label 4 with 3 classes; labels run from 0 to 2.",
    ],
    [
      "binary f1 of three",
      () => f1.compute(two, array([0, 2]), { average: "binary" }),
      'f1: average "binary" received 3 classes; use "macro", "micro" or "weighted".',
    ],
    [
      "auroc NaN",
      () => auroc.compute(array([Number.NaN, 1]), two),
      "auroc: predictions hold NaN in row 0; they have no rank.",
    ],
    [
      "auroc label",
      () => auroc.compute(two, array([0, 2])),
      "auroc: targets hold the label 2 in row 1; labels run from 0 to 1 here.",
    ],
    ["numbers", () => rmse.compute([1] as never, two), "rmse: received [1] as predictions; expected an array, such as"],
    [
      "a list of weights",
      () => mae.compute(two, two, [0, 1] as never),
      "mae: received [0,1] as options; what each row",
    ],
    ["an array of weights", () => mae.compute(two, two, two as never), "given as { weights: [...] }."],
    [
      "weights in an array",
      () => mae.compute(two, two, { weights: two as never }),
      "one for each row: give its .data.",
    ],
    [
      "another name",
      () => r2.compute(two, two, { sampleWeights: [0, 1] } as never),
      'r2: received the unknown option "sampleWeights". It has "weights". Did you mean "weights"?',
    ],
    [
      "a name from Python",
      () => accuracy.compute(two, two, { ignore_index: 0 } as never),
      'It has "weights", "predictions", "classes", "ignoreLabel".',
    ],
    ["weights of counts", () => confusionMatrix(two, two, { weights: [1, 2] } as never), 'unknown option "weights"'],
    [
      "weights of other rows",
      () => f1.compute(two, two, { weights: [1, 2, 3], ignoreLabel: 0 }),
      "f1: received 3 weights for 2 rows; give one for each.",
    ],
  ])("%s", (_, run, message) => expect(run).toThrow(message));
});
