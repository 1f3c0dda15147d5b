// The plugin of this package: the layers that its networks and operators are made of, for models from JSON.
import { definePlugin } from "@hooke/runtime";
import { adaptiveResidual, encoders, gate } from "./networks/layers/encoders.ts";
import { factorizedDense } from "./networks/layers/factorized-dense.ts";
import { fourierFeatures } from "./networks/layers/fourier-features.ts";
import { periodicFeatures } from "./networks/layers/periodic-features.ts";
import { windowed } from "./networks/layers/windowed.ts";
import { deepONet } from "./operators/deep-o-net.ts";
import { fourierNeuralOperator } from "./operators/fourier-neural-operator.ts";
import { spectralConvolution } from "./operators/spectral-convolution.ts";

/** Layers of @hooke/pinn. */
export const pinn = /* @__PURE__ */ definePlugin({
  name: "pinn",
  layers: {
    adaptiveResidual,
    deepONet,
    encoders,
    factorizedDense,
    fourierFeatures,
    fourierNeuralOperator,
    gate,
    periodicFeatures,
    spectralConvolution,
    windowed,
  },
});
