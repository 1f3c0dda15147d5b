// Sequences of different lengths: lists to arrays, lengths that are refused, and padding that counts nowhere.
import { array, type HostArray } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { fitPreprocessing, preprocess } from "../preprocessing/preprocessing.ts";
import { logTransform, minMax, standardize, type TransformSpec } from "../preprocessing/transforms.ts";
import { dataset, take } from "./dataset.ts";
import type { Dataset } from "./samples.ts";
import { fillPadding, padSequences, stepLengths } from "./sequences.ts";

const i32 = (values: number[]): HostArray => array(values, { dtype: "i32" });

describe("padSequences", () => {
  it("makes one array, its lengths, and targets of the same steps", () => {
    const padded = padSequences(
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6]],
      ],
      [[[10], [20]], [[30]]],
    );
    expect(padded.inputs).toEqual(
      array([
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [0, 0],
        ],
      ]),
    );
    expect(padded.targets).toEqual(
      array([
        [[10], [20]],
        [[30], [0]],
      ]),
    );
    expect(padded.extras.lengths).toEqual(i32([2, 1]));
  });

  it("takes host arrays of any rank and dtype, and no targets", () => {
    const { inputs, extras, ...rest } = padSequences([i32([3]), i32([1, 2, 4])]);
    expect(inputs).toEqual(
      array(
        [
          [3, 0, 0],
          [1, 2, 4],
        ],
        { dtype: "i32" },
      ),
    );
    expect(extras.lengths).toEqual(i32([1, 3]));
    expect(rest).toEqual({});
  });

  it.each<[string, () => unknown, string]>([
    [
      "numbers",
      () => padSequences([1, 2] as never),
      "padSequences: inputs of row 0 are 1; expected a sequence, [time, ...]",
    ],
    ["nothing", () => padSequences([]), "padSequences: expected inputs as a list of sequences, [time, ...] each"],
    [
      "steps of another width",
      () => padSequences([[[1, 2]], [[1]]]),
      "padSequences: the inputs of row 1 are f32[1, 1], those of row 0 f32[1, 2]; sequences differ in their steps",
    ],
    [
      "targets of other steps",
      () =>
        padSequences(
          [[[1], [2]], [[3]]],
          [
            [[1], [2]],
            [[3], [4]],
          ],
        ),
      "padSequences: the targets of row 1 are f32[2, 1], its inputs f32[1, 1]; they have the same steps.",
    ],
    [
      "targets of other rows",
      () => padSequences([[[1]], [[2]]], [[[1]]]),
      "padSequences: received 2 inputs and 1 targets; give one for each.",
    ],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

const sequences = array([
  [[1], [2], [3]],
  [[4], [5], [6]],
]);

describe("lengths", () => {
  it.each<[string, HostArray, string]>([
    [
      "above the steps",
      i32([3, 999]),
      'dataset: the extra "lengths" holds 999 for row 1; a length is a whole number of steps, from 0 to the 3',
    ],
    ["below 0", i32([-3, 3]), 'the extra "lengths" holds -3 for row 0'],
    ["between two", array([1, 2.5]), 'the extra "lengths" holds 2.5 for row 1'],
    ["of another dtype", array([1, 2]), 'received the extra "lengths" f32[2]; give it as i32'],
    ["all 0", i32([0, 0]), 'every length in the extra "lengths" is 0: there is no step to use.'],
    ["of another shape", array([[1], [2]], { dtype: "i32" }), "lengths are i32[rows] and belong to sequences"],
  ])("%s are refused", (_, lengths, message) => {
    expect(() => dataset({ inputs: sequences, targets: sequences, extras: { lengths } })).toThrow(message);
  });

  it("name the line of the file", () => {
    const given = { inputs: sequences, targets: sequences, extras: { lengths: i32([1, 7]) }, source: "loads.csv" };
    expect(() => dataset({ ...given, lines: Int32Array.of(2, 9) })).toThrow(
      'loads.csv: the extra "lengths" holds 7 for line 9',
    );
  });

  it("rule targets with a value for each step", () => {
    const extras = { lengths: i32([3, 1]) };
    const classes = array(
      [
        [0, 1, 2],
        [1, 1, 1],
      ],
      { dtype: "i32" },
    );
    expect(stepLengths(sequences, sequences, extras)).toBe(extras.lengths);
    expect(stepLengths(classes, sequences, extras)).toBe(extras.lengths);
    // Three columns for each sequence, not three steps of it.
    expect(
      stepLengths(
        array([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        sequences,
        extras,
      ),
    ).toBeUndefined();
    expect(stepLengths(sequences, sequences, {})).toBeUndefined();
  });
});

describe("padding", () => {
  const bad = Number.NaN;
  const padded = array([
    [[1], [2], [bad]],
    [[4], [bad], [Infinity]],
    [[bad], [bad], [bad]],
  ]);
  const lengths = i32([2, 1, 0]);

  it("may hold anything, and becomes the last step", () => {
    const { inputs, targets } = dataset({ inputs: padded, targets: padded, extras: { lengths } });
    expect([...inputs.data]).toEqual([1, 2, 2, 4, 4, 4, 1, 1, 1]);
    expect(targets).toEqual(inputs);
    // What was given stays as it was.
    expect(padded.data[2]).toBeNaN();
    expect(fillPadding(sequences, i32([3, 3]))).toBe(sequences);
  });

  it("of targets for whole sequences is none", () => {
    const targets = array([[bad], [1], [2]]);
    expect(() => dataset({ inputs: padded, targets, extras: { lengths } })).toThrow("row 0 holds NaN");
  });

  it("hides no bad value within a sequence", () => {
    const inputs = array([
      [[1], [bad], [0]],
      [[1], [2], [3]],
    ]);
    expect(() => dataset({ inputs, targets: sequences, extras: { lengths: i32([2, 3]) } })).toThrow("row 0 holds NaN");
  });
});

describe("preprocessing looks at the steps that count", () => {
  const make = (filling: number): Dataset =>
    dataset({
      ...{
        inputs: array([
          [[1], [3], [filling]],
          [[5], [filling], [filling]],
        ]),
        inputNames: ["load"],
      },
      targets: array([
        [[10], [20], [filling]],
        [[60], [filling], [filling]],
      ]),
      extras: { lengths: i32([2, 1]) },
    });

  // NumPy: std([1, 3, 5]) and std([10, 20, 60]) with ddof 0.
  it.each([0, 1e6, Number.NaN])("standardize, padded with %d", (filling) => {
    const fitted = fitPreprocessing(make(filling), { inputs: standardize(), targets: standardize() });
    expect(fitted.inputs).toEqual([{ type: "standardize", columns: ["load"], mean: [3], std: [Math.sqrt(8 / 3)] }]);
    expect(fitted.targets).toMatchObject([{ mean: [30], std: [Math.sqrt(1400 / 3)] }]);
  });

  it("minMax and log, which takes no 0", () => {
    const specs: TransformSpec[] = [logTransform(), minMax()];
    const data = make(-1);
    const fitted = fitPreprocessing(data, { inputs: specs });
    const { inputs } = preprocess(fitted, data);
    const scaled = Math.fround(Math.log(3) / Math.log(5));
    expect([...inputs.data].map((value) => Math.fround(value))).toEqual(
      [0, scaled, scaled, 1, 1, 1].map((value) => expect.closeTo(value, 6)),
    );
  });

  it("and names the row of a step", () => {
    const inputs = array([
      [[1], [3], [9]],
      [[5], [-2], [9]],
    ]);
    const data = dataset({ inputs, targets: inputs, extras: { lengths: i32([1, 2]) } });
    expect(() => fitPreprocessing(data, { inputs: logTransform() })).toThrow("row 1 holds -2");
    const whole = dataset({ inputs, targets: inputs });
    expect(() => fitPreprocessing(whole, { inputs: logTransform() })).toThrow("row 1 holds -2");
  });
});

it("rows taken keep their lengths", () => {
  const data = dataset(padSequences([[[1]], [[2], [3]]], [[[1]], [[2], [3]]]));
  expect(take(data, [1]).extras.lengths).toEqual(i32([2]));
});
