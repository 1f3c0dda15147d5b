// Trained models as ONNX files: preprocessing, and what is refused.
import { wasmBackend } from "@hooke/backend-wasm";
import { defineLayer, dense, initialize, type Layer, predict, sequential } from "@hooke/core";
import { dataset, fitPreprocessing, logTransform, minMax, standardize } from "@hooke/data";
import { exportOnnx } from "@hooke/io/onnx";
import { array, cumsum, mean, sort, sub, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { runOnnx } from "../onnx.fixture.ts";

const backend = wasmBackend();

/** A layer of one function. */
const layerOf = (fn: (x: Tensor) => Tensor): Layer =>
  defineLayer({ type: "custom", options: {}, params: () => ({}), apply: (_, x) => fn(x) })({});

describe("trained models as ONNX files", () => {
  it("take and give the units of the data, large offsets too", async () => {
    const seconds = 1.7e9;
    const train = dataset({
      inputs: array(
        [
          [seconds, 1, 5],
          [seconds + 1, 10, 5],
          [seconds + 4, 100, 7],
        ],
        { dtype: "f64" },
      ),
      targets: array([[2e5], [3e5], [9e5]]),
      inputNames: ["time", "age", "load"],
      targetNames: ["strength"],
    });
    const preprocessing = fitPreprocessing(train, {
      inputs: [
        logTransform({ columns: ["age"] }),
        standardize({ columns: ["time", "age"] }),
        minMax({ columns: ["load"] }),
      ],
      targets: [logTransform(), standardize()],
    });
    const layer = sequential([dense({ units: 8, activation: "gelu" }), dense({ units: 1 })]);
    const model = { layer, inputShape: [3], variables: await initialize(backend, layer, [3], 0), preprocessing };
    const expected = await predict(model, train.inputs, { backend });
    const found = await runOnnx(exportOnnx(model), { inputs: train.inputs });
    expect(found.dtype).toBe("f64");
    for (const [i, value] of found.data.entries()) expect(value / expected.data[i]!).toBeCloseTo(1, 5);
  });

  const cases: [what: string, layer: Layer, message: string][] = [
    [
      "a primitive without an operator",
      sequential({ ranks: layerOf(sort) }),
      'sort in the layer "ranks" cannot be exported',
    ],
    ["means over the rows", layerOf((x) => sub(x, mean(x, { axes: [0] }))), "changes with the number of rows"],
    ["what has no rows", layerOf((x) => sum(x)), "with other rows than its inputs"],
  ];
  it.each(cases)("refuse %s", async (_, layer, message) => {
    const model = { layer, inputShape: [3], variables: await initialize(backend, layer, [3], 0) };
    expect(() => exportOnnx(model)).toThrow(message);
  });

  it("run along the rows, where that is what a layer does", async () => {
    const layer = layerOf((x) => cumsum(x, 0));
    const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
    const found = await runOnnx(exportOnnx(model), {
      inputs: array([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    });
    expect([...found.data]).toEqual([1, 2, 4, 6, 9, 12]);
  });
});
