// Cases for the layers of @hooke/pinn.
import { dense, sequential } from "@hooke/core";
import * as pinn from "@hooke/pinn";
import type { LayerCases } from "../run.ts";

const tanh = (units: number) => dense({ units, activation: "tanh" });
const encodings = { firstEncoding: { shape: [3] }, secondEncoding: { shape: [3] } };

export const pinnCases: LayerCases<typeof pinn.pinn.layers> = {
  adaptiveResidual: [{ layer: pinn.adaptiveResidual(tanh(3)), input: [3], ranks: { from: 1 } }],
  deepONet: [
    {
      layer: pinn.deepONet({ branch: dense({ units: 3 }), trunk: tanh(3) }),
      input: { shape: [4], extras: { at: { shape: [5, 2] } } },
    },
  ],
  encoders: [
    {
      layer: pinn.encoders({ first: tanh(3), second: tanh(3), body: sequential([tanh(3), pinn.gate()]) }),
      input: [2],
      ranks: { from: 1 },
    },
  ],
  factorizedDense: [
    { layer: pinn.factorizedDense({ units: 2, activation: "tanh" }), input: [3], ranks: { from: 1 } },
    { layer: pinn.factorizedDense({ units: 3, mean: 0.5, deviation: 0 }), input: [2, 4], ranks: { from: 1 } },
  ],
  fourierFeatures: [
    { layer: pinn.fourierFeatures({ count: 2 }), input: [2] },
    { layer: pinn.fourierFeatures({ count: 1, scale: [0.5, 0.25], seed: 7 }), input: [1] },
  ],
  fourierNeuralOperator: [
    { layer: pinn.fourierNeuralOperator({ modes: [2], width: 2, layers: 2, projection: 3 }), input: [5, 1] },
    {
      layer: pinn.fourierNeuralOperator({ modes: [1, 2], width: 2, layers: 1, channels: 2, activation: "tanh" }),
      input: [3, 4, 1],
    },
  ],
  gate: [{ layer: pinn.gate(), input: { shape: [3], extras: encodings } }],
  periodicFeatures: [{ layer: pinn.periodicFeatures({ frequencies: [Math.PI, 0] }), input: [2] }],
  spectralConvolution: [
    { layer: pinn.spectralConvolution({ channels: 2, modes: [3] }), input: [6, 2] },
    { layer: pinn.spectralConvolution({ channels: 1, modes: [2, 2] }), input: [5, 3, 2] },
  ],
  windowed: [
    { layer: pinn.windowed({ networks: [tanh(2), dense({ units: 2 })], counts: [1, 2], overlap: 0.5 }), input: [2] },
  ],
};
