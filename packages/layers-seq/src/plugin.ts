// The plugin of this package: everything that JSON and listings may name.
import { definePlugin } from "@hooke/runtime";
import { causalConv1d, tcnBlock } from "./convolution/causal.ts";
import { crackGrowthLSTM } from "./crack-growth.ts";
import { embedding } from "./embedding.ts";
import { lastStep } from "./last-step.ts";
import { gruPass, lstmPass, rnnPass } from "./recurrent/pass.ts";
import { gru, lstm, rnn } from "./recurrent/recurrent.ts";

/** Layers and models of @hooke/layers-seq. */
export const sequences = /* @__PURE__ */ definePlugin({
  name: "sequences",
  layers: { causalConv1d, crackGrowthLSTM, embedding, gru, gruPass, lastStep, lstm, lstmPass, rnn, rnnPass, tcnBlock },
});
