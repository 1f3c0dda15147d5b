// Cases for the layers of @hooke/regularization.
import * as regular from "@hooke/regularization";
import type { LayerCases } from "../run.ts";

export const regularizationCases: LayerCases<typeof regular.regularization.layers> = {
  alphaDropout: [{ layer: regular.alphaDropout({ rate: 0.3 }), input: [5], ranks: { from: 0 } }],
  dropPath: [{ layer: regular.dropPath({ rate: 0.4 }), input: [3, 2], ranks: { from: 0 } }],
  gaussianNoise: [{ layer: regular.gaussianNoise({ standardDeviation: 0.5 }), input: [4], ranks: { from: 0 } }],
  spatialDropout: [{ layer: regular.spatialDropout({ rate: 0.4 }), input: [3, 4, 2], ranks: { from: 2 } }],
};
