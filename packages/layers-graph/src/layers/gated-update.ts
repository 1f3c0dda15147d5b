// Gated recurrent units: what nodes and graphs remember of what they have heard (Cho et al., EMNLP 2014, as PyTorch computes it).
import { dense } from "@hooke/core";
import { add, mul, sigmoid, splitAxis, sub, type Tensor, tanh } from "@hooke/runtime";

/** The dense layers of a unit: gates that reset and update, and the new value, side by side. */
export const gatedLayers = (units: number) => ({
  updateInput: dense({ units: 3 * units }),
  updateState: dense({ units: 3 * units }),
});

/** @param input `[..., 3 units]`, of `updateInput` @param given `[..., 3 units]`, of `updateState` @param state `[..., units]` */
export function gatedUpdate(input: Tensor, given: Tensor, state: Tensor): Tensor {
  const axis = state.rank - 1;
  const [reset, update, fresh] = splitAxis(input, axis, 3) as [Tensor, Tensor, Tensor];
  const [resetOf, updateOf, freshOf] = splitAxis(given, axis, 3) as [Tensor, Tensor, Tensor];
  const kept = sigmoid(add(update, updateOf));
  const found = tanh(add(fresh, mul(sigmoid(add(reset, resetOf)), freshOf)));
  return add(mul(sub(1, kept), found), mul(kept, state));
}
