// Cases for the layers of Hooke's packages.
import type { LayerCase } from "../case.ts";
import { attentionCases } from "./attention.ts";
import { convolutionCases } from "./convolution.ts";
import { coreCases } from "./core.ts";
import { graphsCases } from "./graphs.ts";
import { pinnCases } from "./pinn.ts";
import { regularizationCases } from "./regularization.ts";
import { sequencesCases } from "./sequences.ts";
import { transferCases } from "./transfer.ts";

/** By package, then by layer. */
export const layerCases: Readonly<Record<string, Readonly<Record<string, readonly LayerCase[]>>>> = {
  "@hooke/core": coreCases,
  "@hooke/layers-conv": convolutionCases,
  "@hooke/layers-seq": sequencesCases,
  "@hooke/layers-graph": graphsCases,
  "@hooke/attention": attentionCases,
  "@hooke/regularization": regularizationCases,
  "@hooke/pinn": pinnCases,
  "@hooke/transfer": transferCases,
};
