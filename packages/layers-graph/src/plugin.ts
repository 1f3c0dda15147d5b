// The plugin of this package: everything that JSON and listings may name.
import { definePlugin } from "@hooke/runtime";
import { energyForceLoss, energyForces } from "./forces.ts";
import { atomEmbedding } from "./layers/atom-embedding.ts";
import { attentiveBlock } from "./layers/attentive-block.ts";
import { attentiveReadout } from "./layers/attentive-readout.ts";
import { crystalConv } from "./layers/crystal-conv.ts";
import { directedMessages } from "./layers/directed-messages.ts";
import { edgeReadout } from "./layers/edge-readout.ts";
import { egnnBlock } from "./layers/egnn-block.ts";
import { graphAttention } from "./layers/graph-attention.ts";
import { graphConv } from "./layers/graph-conv.ts";
import { isomorphismConv } from "./layers/isomorphism-conv.ts";
import { painnBlock } from "./layers/painn-block.ts";
import { readout } from "./layers/readout.ts";
import { schnetBlock } from "./layers/schnet-block.ts";
import { egnn, painn, schnet } from "./models/atoms.ts";
import { attentiveFp, cgcnn, dmpnn, gat, gcn, gin } from "./models/networks.ts";
import { graphUnion } from "./union.ts";

/** The layers and models of @hooke/layers-graph. */
export const graphs = /* @__PURE__ */ definePlugin({
  name: "graphs",
  layers: {
    atomEmbedding,
    attentiveBlock,
    attentiveFp,
    attentiveReadout,
    cgcnn,
    crystalConv,
    directedMessages,
    dmpnn,
    edgeReadout,
    egnn,
    egnnBlock,
    energyForces,
    gat,
    gcn,
    gin,
    graphAttention,
    graphConv,
    graphUnion,
    isomorphismConv,
    painn,
    painnBlock,
    readout,
    schnet,
    schnetBlock,
  },
  losses: { energyForceLoss },
});
