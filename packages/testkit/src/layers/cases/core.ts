// Cases for the layers of @hooke/core.
import {
  activation,
  activationNames,
  adaptiveActivation,
  batchNorm,
  type core,
  dense,
  dropout,
  flatten,
  frozen,
  glu,
  groupNorm,
  instanceNorm,
  layerNorm,
  prelu,
  recomputed,
  reshape,
  residual,
  rmsNorm,
  sequential,
} from "@hooke/core";
import type { LayerCases } from "../run.ts";

export const coreCases: LayerCases<typeof core.layers> = {
  activation: [
    ...activationNames.map((name) => ({ layer: activation(name), note: name, input: [4], ranks: { from: 0 } })),
    {
      layer: activation({ name: "leakyRelu", negativeSlope: 0.2 }),
      note: "leakyRelu",
      input: [2, 3],
      ranks: { from: 0 },
    },
  ],
  adaptiveActivation: [
    { layer: adaptiveActivation(), input: [4], ranks: { from: 0 } },
    {
      layer: adaptiveActivation({ activation: { name: "sin", frequency: 2 }, factor: 5 }),
      input: [2, 3],
      ranks: { from: 0 },
    },
  ],
  batchNorm: [{ layer: batchNorm({ momentum: 0.3 }), input: [2, 3], ranks: { from: 1 } }],
  dense: [
    { layer: dense({ units: 2, activation: "tanh" }), input: [3], ranks: { from: 1 } },
    { layer: dense({ units: 3, bias: false }), input: [2, 4], ranks: { from: 1 } },
  ],
  dropout: [{ layer: dropout({ rate: 0.4 }), input: [3, 2], ranks: { from: 0 } }],
  flatten: [{ layer: flatten(), input: [2, 3], ranks: { from: 0 } }],
  frozen: [
    {
      layer: frozen(sequential({ hidden: dense({ units: 3, activation: "gelu" }), norm: batchNorm() })),
      input: [2],
      ranks: { from: 1 },
      constant: "**",
    },
  ],
  glu: [{ layer: glu(), input: [3, 4], ranks: { from: 1 } }],
  groupNorm: [{ layer: groupNorm({ groups: 2 }), input: [3, 4], ranks: { from: 1 } }],
  instanceNorm: [{ layer: instanceNorm(), input: [3, 2], ranks: { from: 2 } }],
  layerNorm: [{ layer: layerNorm(), input: [2, 4], ranks: { from: 1 } }],
  prelu: [
    { layer: prelu(), input: [4], ranks: { from: 0 } },
    { layer: prelu({ perChannel: true, initialSlope: -0.5 }), input: [2, 3], ranks: { from: 1 } },
  ],
  recomputed: [
    {
      layer: recomputed(
        sequential([dense({ units: 4, activation: "tanh" }), batchNorm(), dropout({ rate: 0.3 }), dense({ units: 1 })]),
      ),
      input: [3],
      ranks: { from: 1 },
    },
    {
      layer: recomputed(residual(recomputed(dense({ units: 3, activation: "mish" })))),
      input: [3],
      ranks: { from: 1 },
    },
  ],
  reshape: [{ layer: reshape({ shape: [3, -1] }), input: [2, 3], ranks: { from: 1 } }],
  residual: [{ layer: residual(dense({ units: 3, activation: "mish" })), input: [3], ranks: { from: 1 } }],
  rmsNorm: [
    { layer: rmsNorm(), input: [2, 4], ranks: { from: 1 } },
    { layer: rmsNorm({ epsilon: 1e-3 }), input: [3], ranks: { from: 1 } },
  ],
  sequential: [
    {
      layer: sequential([
        dense({ units: 4 }),
        batchNorm(),
        activation("elu"),
        dropout({ rate: 0.3 }),
        dense({ units: 1 }),
      ]),
      input: [3],
      ranks: { from: 1 },
    },
    { layer: sequential({ hidden: dense({ units: 2 }), norm: layerNorm() }), input: [3], ranks: { from: 1 } },
  ],
};
