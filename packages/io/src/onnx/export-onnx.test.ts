// What an ONNX file says of itself. That it computes what the model does is tested in testkit, by onnxruntime.
import { dense, initialize } from "@hooke/core";
import { dataset, fitPreprocessing, standardize } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { exportOnnx } from "./export-onnx.ts";

test("a file names its producer, columns and classes, and says whether preprocessing is included", async () => {
  const layer = dense({ units: 1 });
  const variables = await initialize(referenceBackend(), layer, [2], 0);
  const model = { layer, inputShape: [2], variables };
  const textOf = (preprocessed: boolean): string => {
    const data = dataset({
      inputs: array([
        [0, 1],
        [2, 4],
      ]),
      targets: array([[1], [3]]),
      inputNames: ["load [N]", "age"],
      targetNames: ["strength"],
    });
    const preprocessing = fitPreprocessing(data, preprocessed ? { inputs: standardize() } : {});
    return new TextDecoder("latin1").decode(exportOnnx({ ...model, preprocessing }, { metadata: { unit: "MPa" } }));
  };
  const start = `hooke\x1a${String.fromCharCode(manifest.version.length)}${manifest.version}`;
  for (const text of [
    start,
    'inputNames\x12\x12["load [N]","age"]',
    'targetNames\x12\x0c["strength"]',
    "unit\x12\x03MPa",
  ]) {
    expect(textOf(true)).toContain(text);
  }
  expect(textOf(true)).toContain("included: inputs and predictions are in the units of the data");
  expect(textOf(false)).toContain("preprocessing\x12\x04none");
});
