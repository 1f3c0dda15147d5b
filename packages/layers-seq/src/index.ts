/**
 * Recurrent layers, embedding and causal convolution for load histories, with streaming.
 *
 * @packageDocumentation
 */
export { type CausalConvConfig, causalConv1d, type TcnBlockConfig, tcnBlock } from "./convolution/causal.ts";
export { type CrackGrowthConfig, crackGrowthLSTM } from "./crack-growth.ts";
export { type EmbeddingConfig, embedding } from "./embedding.ts";
export { lastStep } from "./last-step.ts";
export { sequences } from "./plugin.ts";
export type { ResetGate } from "./recurrent/cells.ts";
export {
  type GruPassConfig,
  gruPass,
  type LstmPassConfig,
  lstmPass,
  type PassConfig,
  type RnnPassConfig,
  rnnPass,
} from "./recurrent/pass.ts";
export {
  type GruConfig,
  gru,
  type LstmConfig,
  lstm,
  type RecurrentConfig,
  type RnnConfig,
  rnn,
} from "./recurrent/recurrent.ts";
