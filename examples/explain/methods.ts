// The methods that are compared: a map of each row by each of them.
import type { TrainedModel } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import {
  attentionRollout,
  gradCam,
  gridParts,
  integratedGradients,
  kernelShapley,
  occlusion,
  smoothGrad,
} from "@hooke/explain";
import { type Backend, type HostArray, zeros } from "@hooke/runtime";
import type { Network } from "./networks.ts";

/** What a method is asked of. */
export interface Asked {
  readonly backend: Backend;
  readonly network: Network;
  readonly model: TrainedModel;
  readonly data: Dataset;
  readonly signal: AbortSignal;
}

export interface Method {
  readonly name: string;
  /** `[rows, ...]` */
  map(asked: Asked): Promise<HostArray>;
}

/** Without the axis of channels, of which there is one. */
const withoutChannel = ({ shape, ...map }: HostArray): HostArray =>
  ({ ...map, shape: shape.slice(0, -1) }) as HostArray;

/** A map of a layer. */
const camOf = (layer: string, weighting: "mean" | "each"): Method => ({
  name: `${weighting === "mean" ? "Grad-CAM" : "HiResCAM"} of "${layer}"`,
  map: async ({ backend, model, data, signal }) =>
    (await gradCam(model, data, { backend, layer, weighting, sign: "both", signal })).values,
});

/** Shares of parts, at their places. */
async function shapleyMap({ backend, network: { task }, model, data, signal }: Asked): Promise<HostArray> {
  const { nothing, part, shape } = task;
  const axes = shape.slice(0, -1);
  const background = zeros([1, ...shape]);
  background.data.fill(nothing);
  const parts = gridParts(axes, part);
  const { values } = await kernelShapley(model, data, {
    backend,
    background,
    parts,
    samples: 512,
    batchSize: 256,
    signal,
  });
  const map = zeros([data.count, ...axes.map((length) => length / part)], "f64");
  map.data.set(values);
  return map;
}

const ofAny: readonly Method[] = [
  {
    name: "integrated gradients",
    map: async ({ backend, network, model, data, signal }) =>
      withoutChannel(
        (await integratedGradients(model, data, { backend, baseline: network.task.nothing, tolerance: 0.02, signal }))
          .values,
      ),
  },
  {
    name: "SmoothGrad",
    map: async ({ backend, model, data, signal }) =>
      withoutChannel((await smoothGrad(model, data, { backend, signal })).values),
  },
  {
    name: "occlusion",
    map: async ({ backend, network: { task }, model, data, signal }) =>
      (
        await occlusion(model, data, {
          backend,
          cover: task.nothing,
          size: task.window,
          stride: Math.max(1, task.window / 2),
          signal,
        })
      ).values,
  },
  { name: "kernel Shapley", map: shapleyMap },
];

const rollout: Method = {
  name: "attention rollout",
  map: async ({ backend, model, data, signal }) => (await attentionRollout(model, data, { backend, signal })).mean,
};

/** The methods that can be asked of a network. */
export const methodsOf = ({ mapped, attends }: Network): readonly Method[] => [
  ...ofAny,
  ...mapped.flatMap((layer) => [camOf(layer, "mean"), camOf(layer, "each")]),
  ...(attends ? [rollout] : []),
];
