// Fine-tuning: what each stage moves and what it leaves, and that the best is kept.
import { batchNorm, initialize, predict, sequential, type TrainedModel } from "@hooke/core";
import { dataset, metrics, take } from "@hooke/data";
import { conv2d, globalAveragePool } from "@hooke/layers-conv";
import { array, type HostArray, referenceBackend, type Tree, treeLeaves } from "@hooke/runtime";
import { expect, it } from "vitest";
import { features } from "../features/features.ts";
import { withHead } from "../model/with-head.ts";
import { probe } from "../probe/probe.ts";
import { fineTune } from "./fine-tune.ts";

const backend = referenceBackend();
const network = sequential({
  low: sequential({ kernel3: conv2d({ filters: 3, kernelSize: 3, activation: "tanh" }), norm: batchNorm() }),
  high: sequential({ kernel3: conv2d({ filters: 3, kernelSize: 3, activation: "tanh" }), norm: batchNorm() }),
  pool: globalAveragePool(),
});
const images: HostArray = {
  shape: [24, 5, 5, 1],
  dtype: "f32",
  data: Float32Array.from({ length: 600 }, (_, i) => Math.sin(i * i * 0.37) + Math.sin(Math.floor(i / 25))),
};
/** How images change from pixel to pixel, which an average over a random network hardly tells. */
const roughness = array(
  Array.from({ length: 24 }, (_, i) =>
    Array.from({ length: 24 }, (_v, j) => Math.abs(images.data[i * 25 + j + 1]! - images.data[i * 25 + j]!)).reduce(
      (a, b) => a + b,
    ),
  ),
);
const all = dataset({ inputs: images, targets: roughness });
const rows = Array.from({ length: 24 }, (_, i) => i);
const data = {
  train: take(
    all,
    rows.filter((i) => i % 3 > 0),
  ),
  validation: take(
    all,
    rows.filter((i) => i % 3 === 0),
  ),
};

async function probed(views: "none" | "orthotropic"): Promise<TrainedModel> {
  const backbone = {
    layer: network,
    inputShape: [5, 5, 1],
    variables: await initialize(backend, network, [5, 5, 1], 0),
  };
  const { model } = await probe({ data: await features(backbone, data.train, { backend, views }) });
  return withHead(backbone, model, { views });
}

const changed = (a: TrainedModel, b: TrainedModel): string[] => {
  const leaves = ({ variables }: TrainedModel) =>
    treeLeaves<HostArray>([variables.params, variables.state] as Tree<HostArray>);
  return leaves(a).flatMap(({ path, value }, i) =>
    value.data.join() === leaves(b)[i]!.value.data.join() ? [] : [path],
  );
};

it("releases blocks from the top and keeps the best stage", async () => {
  const model = await probed("orthotropic");
  const options = { backend, model, data, epochs: 4, batchSize: 8, learningRate: 3e-3, seed: 0 };
  const { stages, best, model: tuned } = await fineTune({ ...options, blocks: 2 });
  expect(stages.map(({ released }) => released)).toEqual([[], ["high"], ["high", "low"]]);
  expect(stages[best]!.score).toBe(Math.max(...stages.map(({ score }) => score)));
  const { data: predictions, ...rest } = await predict(tuned, data.validation, { backend });
  const score = metrics.r2.compute({ ...rest, data: predictions }, { ...data.validation.targets, shape: [8, 1] });
  expect(score).toBe(stages[best]!.score);
  expect(tuned.layer).toBe(model.layer);
});

it("leaves what is not released as it is, with its running statistics", async () => {
  const model = await probed("none");
  const options = { backend, model, data, epochs: 6, batchSize: 8, learningRate: 1e-2, seed: 0 };
  const { model: tuned, best } = await fineTune(options);
  expect(best).toBe(1);
  const paths = changed(model, tuned);
  expect(paths.some((path) => path.includes("high.norm.mean"))).toBe(true);
  expect(paths.filter((path) => path.includes("low"))).toEqual([]);
});

it("refuses a validation part that cannot tell stages apart", async () => {
  const one = { train: data.train, validation: take(data.validation, [0]) };
  await expect(fineTune({ backend, model: await probed("none"), data: one, seed: 0 })).rejects.toThrow(
    /fineTune: .*in all 1 rows; leave it out, or give rows that differ/,
  );
});

it("refuses more blocks than there are, and models of another making", async () => {
  const model = await probed("none");
  await expect(fineTune({ backend, model, data, blocks: 3, seed: 0 })).rejects.toThrow("the backbone has 2: high, low");
  const { layer, inputShape, variables } = model;
  const other = { layer: sequential([layer]), inputShape, variables };
  await expect(fineTune({ backend, model: other, data, seed: 0 })).rejects.toThrow(/give what withHead/);
});
