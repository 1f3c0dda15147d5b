// Every layer of Hooke's plugins passes the suite of layers.
import { attention } from "@hooke/attention";
import { wasmBackend } from "@hooke/backend-wasm";
import { core } from "@hooke/core";
import { convolution } from "@hooke/layers-conv";
import { sequences } from "@hooke/layers-seq";
import { pinn } from "@hooke/pinn";
import { regularization } from "@hooke/regularization";
import { transfer } from "@hooke/transfer";
import { layerConformance } from "../layer-conformance.ts";
import { attentionCases } from "./attention.fixture.ts";
import { convolutionCases } from "./convolution.fixture.ts";
import { coreCases } from "./core.fixture.ts";
import { pinnCases } from "./pinn.fixture.ts";
import { regularizationCases } from "./regularization.fixture.ts";
import { sequencesCases } from "./sequences.fixture.ts";
import { transferCases } from "./transfer.fixture.ts";

layerConformance(core, coreCases, () => wasmBackend());
layerConformance(convolution, convolutionCases, () => wasmBackend());
layerConformance(sequences, sequencesCases, () => wasmBackend());
layerConformance(attention, attentionCases, () => wasmBackend());
layerConformance(pinn, pinnCases, () => wasmBackend());
layerConformance(regularization, regularizationCases, () => wasmBackend());
layerConformance(transfer, transferCases, () => wasmBackend());
