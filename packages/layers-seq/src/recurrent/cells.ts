// Recurrent cells: what one step does with a projected input and the state, with gates in PyTorch's order.

import { relu } from "@hooke/core";
import { add, matmul, mul, sigmoid, sliceAxis, sub, type Tensor, tanh } from "@hooke/runtime";

/** Tensors of a cell's parameters. */
export interface CellParameters {
  readonly recurrentKernel: Tensor;
  readonly recurrentBias?: Tensor | undefined;
}

/** One step, from a projected input `[batch, gates * hiddenSize]` and states `[batch, hiddenSize]` to the next states. */
export type Step = (x: Tensor, states: readonly Tensor[]) => readonly Tensor[];

/** A cell: how many gates the input is projected to, which states it has, and its step. */
export interface Cell {
  readonly gates: number;
  /** The first state is the output. */
  readonly states: readonly string[];
  /** Whether a gate needs a bias of its own inside the step, `recurrentBias [hiddenSize]`. */
  readonly recurrentBias: boolean;
  /** What does not depend on the step is computed here, once for all of them. */
  readonly step: (params: CellParameters) => Step;
}

/** Gate `index` of `[batch, gates * size]`. */
const gate = (values: Tensor, index: number, size: number): Tensor =>
  sliceAxis(values, 1, index * size, (index + 1) * size);

/** `h' = f(x + h U)`. Elman 1990. */
export const simpleCell = (activation: "tanh" | "relu"): Cell => ({
  gates: 1,
  states: ["hidden"],
  recurrentBias: false,
  step:
    ({ recurrentKernel }) =>
    (x, [hidden]) => {
      const sum = add(x, matmul(hidden!, recurrentKernel));
      return [activation === "tanh" ? tanh(sum) : relu(sum)];
    },
});

/** Gates in the order input, forget, cell, output. Hochreiter and Schmidhuber 1997; Gers et al. 2000. */
export const lstmCell: Cell = {
  gates: 4,
  states: ["hidden", "cell"],
  recurrentBias: false,
  step:
    ({ recurrentKernel }) =>
    (x, [hidden, cell]) => {
      const size = hidden!.shape[1]!;
      const sums = add(x, matmul(hidden!, recurrentKernel));
      const next = add(
        mul(sigmoid(gate(sums, 1, size)), cell!),
        mul(sigmoid(gate(sums, 0, size)), tanh(gate(sums, 2, size))),
      );
      return [mul(sigmoid(gate(sums, 3, size)), tanh(next)), next];
    },
};

/** `n + z (h - n)`: the new state is the candidate where the update gate is 0, and the old one where it is 1. */
const updated = (update: Tensor, hidden: Tensor, candidate: Tensor): Tensor =>
  add(candidate, mul(update, sub(hidden, candidate)));

/** Gates in the order reset, update, new; the reset gate acts on `h U + c`. Cho et al. 2014, in cuDNN's and PyTorch's form. */
const resetAfterProduct: Cell = {
  gates: 3,
  states: ["hidden"],
  recurrentBias: true,
  step:
    ({ recurrentKernel, recurrentBias }) =>
    (x, [hidden]) => {
      const size = hidden!.shape[1]!;
      const sums = matmul(hidden!, recurrentKernel);
      const reset = sigmoid(add(gate(x, 0, size), gate(sums, 0, size)));
      const update = sigmoid(add(gate(x, 1, size), gate(sums, 1, size)));
      const recurrent = add(gate(sums, 2, size), recurrentBias!);
      return [updated(update, hidden!, tanh(add(gate(x, 2, size), mul(reset, recurrent))))];
    },
};

/** Gates in the order reset, update, new; the reset gate acts on `h`. Cho et al. 2014, as printed. */
const resetBeforeProduct: Cell = {
  gates: 3,
  states: ["hidden"],
  recurrentBias: false,
  step: ({ recurrentKernel }) => {
    const size = recurrentKernel.shape[0]!;
    const ofGates = sliceAxis(recurrentKernel, 1, 0, 2 * size);
    const ofCandidate = gate(recurrentKernel, 2, size);
    return (x, [hidden]) => {
      const gates = sigmoid(add(sliceAxis(x, 1, 0, 2 * size), matmul(hidden!, ofGates)));
      const recurrent = matmul(mul(gate(gates, 0, size), hidden!), ofCandidate);
      return [updated(gate(gates, 1, size), hidden!, tanh(add(gate(x, 2, size), recurrent)))];
    };
  },
};

/** Where the reset gate of a GRU acts: on the product of state and kernel, or on the state before it. */
export type ResetGate = "afterProduct" | "beforeProduct";

/** The GRU's cell by where its reset gate acts. */
export const gruCells: Readonly<Record<ResetGate, Cell>> = {
  afterProduct: resetAfterProduct,
  beforeProduct: resetBeforeProduct,
};
