// Occlusion: what windows cover, in rows, images and volumes, of networks and of functions.
import { dense, flatten, initialize, sequential } from "@hooke/core";
import { dataset, fitPreprocessing, standardize } from "@hooke/data";
import { array, type HostArray, referenceBackend, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { occlusion } from "./occlusion.ts";

const backend = referenceBackend();

/** A sum of what is in a row, weighted by place. */
const weighted = ({ shape, data }: HostArray): HostArray => {
  const width = data.length / shape[0]!;
  return array(
    Array.from({ length: shape[0]! }, (_, row) =>
      Array.from({ length: width }, (_, i) => (i + 1) * Number(data[row * width + i])).reduce((a, b) => a + b, 0),
    ),
    { dtype: "f64" },
  );
};

const ones = (shape: readonly number[]): HostArray => {
  const all = zeros(shape, "f64");
  all.data.fill(1);
  return all;
};

it("covers each input by itself, window by window, and all channels of a place", async () => {
  const rows = await occlusion(
    weighted,
    array([
      [3, 5],
      [1, 2],
    ]),
    { cover: array([1, 1]) },
  );
  expect(Array.from(rows.values.data)).toEqual([2, 8, 0, 2]);
  expect(Array.from(rows.predictions)).toEqual([13, 5]);
  const image = await occlusion(weighted, ones([1, 2, 3, 2]), { cover: 0 });
  expect(image.values.shape).toEqual([1, 2, 3]);
  expect(Array.from(image.values.data)).toEqual([3, 7, 11, 15, 19, 23]);
  // Windows of 2 x 2 that move by one: places under two have the mean of both.
  const windows = await occlusion(weighted, ones([1, 2, 3, 1]), { cover: 0, size: 2, stride: 1 });
  expect(Array.from(windows.values.data)).toEqual([12, 14, 16, 12, 14, 16]);
  // The last window ends with the axis.
  const volume = await occlusion(weighted, ones([1, 3, 1, 1, 1]), { cover: 0, size: [2, 1, 1] });
  expect(Array.from(volume.values.data)).toEqual([3, 4, 5]);
});

it("of a linear network is what integrated gradients are, in the units of the data", async () => {
  const layer = sequential([flatten(), dense({ units: 1 })]);
  const inputs = array(
    Array.from({ length: 24 }, (_, i) => 100 + 7 * ((5 * i) % 11)),
    { shape: [2, 4, 3, 1], dtype: "f64" },
  );
  const data = dataset({ inputs, targets: array([[10], [30]], { dtype: "f64" }) });
  const preprocessing = fitPreprocessing(data, { inputs: standardize(), targets: standardize() });
  const model = {
    layer,
    inputShape: [4, 3, 1],
    variables: await initialize(backend, layer, [4, 3, 1], 0, "f64"),
    preprocessing,
  };
  const { values } = await occlusion(model, data, { backend, cover: 100 });
  const kernel = (model.variables.params as unknown as Record<string, { kernel: HostArray }>)["1"]!.kernel.data;
  const [{ std }] = preprocessing.inputs as unknown as [{ std: number[] }];
  Array.from(values.data).forEach((value, i) => {
    expect(value).toBeCloseTo((Number(kernel[i % 12]) * (Number(inputs.data[i]) - 100) * 10) / std[0]!, 8);
  });
});

it("refuses windows that do not fit, and networks without a backend", async () => {
  await expect(occlusion(weighted, ones([1, 2, 3, 1]), { cover: 0, size: 3 })).rejects.toThrow(
    "received the size [3, 3] for inputs of [2, 3] places",
  );
  await expect(occlusion(weighted, ones([1, 2, 3, 1]), { cover: array([1, 2]) })).rejects.toThrow(
    "a cover of 2 numbers; a row of inputs has 6",
  );
  await expect(occlusion((() => 3) as never, ones([1, 2]), { cover: 0 })).rejects.toThrow(
    "the model gave number for 1 rows",
  );
  const layer = dense({ units: 1 });
  const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
  await expect(occlusion(model, ones([1, 2]), { cover: 0 })).rejects.toThrow(
    "a network runs on a backend; give the option backend",
  );
});
