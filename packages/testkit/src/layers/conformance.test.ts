// Every layer of Hooke's plugins passes the suite of layers.
import { attention } from "@hooke/attention";
import { wasmBackend } from "@hooke/backend-wasm";
import { core } from "@hooke/core";
import { convolution } from "@hooke/layers-conv";
import { graphs } from "@hooke/layers-graph";
import { sequences } from "@hooke/layers-seq";
import { pinn } from "@hooke/pinn";
import { regularization } from "@hooke/regularization";
import { transfer } from "@hooke/transfer";
import { layerConformance } from "../layer-conformance.ts";
import { attentionCases } from "./cases/attention.ts";
import { convolutionCases } from "./cases/convolution.ts";
import { coreCases } from "./cases/core.ts";
import { graphsCases } from "./cases/graphs.ts";
import { pinnCases } from "./cases/pinn.ts";
import { regularizationCases } from "./cases/regularization.ts";
import { sequencesCases } from "./cases/sequences.ts";
import { transferCases } from "./cases/transfer.ts";

layerConformance(core, coreCases, () => wasmBackend());
layerConformance(convolution, convolutionCases, () => wasmBackend());
layerConformance(sequences, sequencesCases, () => wasmBackend());
layerConformance(graphs, graphsCases, () => wasmBackend());
layerConformance(attention, attentionCases, () => wasmBackend());
layerConformance(pinn, pinnCases, () => wasmBackend());
layerConformance(regularization, regularizationCases, () => wasmBackend());
layerConformance(transfer, transferCases, () => wasmBackend());
