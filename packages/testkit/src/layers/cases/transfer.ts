// Cases for the layers of @hooke/transfer.
import { dense, sequential } from "@hooke/core";
import * as transfer from "@hooke/transfer";
import type { LayerCases } from "../run.ts";

const network = sequential([dense({ units: 3, activation: "tanh" }), dense({ units: 2 })]);

export const transferCases: LayerCases<typeof transfer.transfer.layers> = {
  imageFeatures: [
    { layer: transfer.imageFeatures({ layer: network }), input: [3, 4, 2], ranks: { from: 1 } },
    { layer: transfer.imageFeatures({ layer: network, views: "orthotropic" }), input: [2, 3, 1] },
    { layer: transfer.imageFeatures({ layer: network, views: "isotropic" }), input: [2, 3, 1] },
  ],
  normalizeChannels: [
    { layer: transfer.normalizeChannels({ mean: [1, 2], std: [0.5, 2] }), input: [3, 2], ranks: { from: 1 } },
    { layer: transfer.normalizeChannels({ mean: [1, 2], std: [0.5, 2] }), input: [3, 1], ranks: { from: 1 } },
  ],
};
