// Recurrent cells: what one step does with a projected input and the state, with PyTorch's gates in PyTorch's order.

import { relu } from "@hooke/core";
import { add, matmul, mul, sigmoid, sliceAxis, sub, type Tensor, tanh } from "@hooke/runtime";

/** Tensors of a cell's parameters. */
export interface CellParameters {
  readonly recurrentKernel: Tensor;
  readonly recurrentBias?: Tensor | undefined;
}

/** A cell: how many gates the input is projected to, which states it has, and its step. */
export interface Cell {
  readonly gates: number;
  /** The first state is the output. */
  readonly states: readonly string[];
  /** Whether a gate needs a bias of its own inside the step, `recurrentBias [hiddenSize]`. */
  readonly recurrentBias: boolean;
  /** @param x the projected input, `[batch, gates * hiddenSize]`; states are `[batch, hiddenSize]` */
  readonly step: (x: Tensor, states: readonly Tensor[], params: CellParameters) => readonly Tensor[];
}

/** Gate `index` of `[batch, gates * size]`. */
const gate = (values: Tensor, index: number, size: number): Tensor =>
  sliceAxis(values, 1, index * size, (index + 1) * size);

/** `h' = f(x + h U)`. Elman 1990. */
export const simpleCell = (activation: "tanh" | "relu"): Cell => ({
  gates: 1,
  states: ["hidden"],
  recurrentBias: false,
  step: (x, [hidden], { recurrentKernel }) => {
    const sum = add(x, matmul(hidden!, recurrentKernel));
    return [activation === "tanh" ? tanh(sum) : relu(sum)];
  },
});

/** Gates in the order input, forget, cell, output. Hochreiter and Schmidhuber 1997; Gers et al. 2000. */
export const lstmCell: Cell = {
  gates: 4,
  states: ["hidden", "cell"],
  recurrentBias: false,
  step: (x, [hidden, cell], { recurrentKernel }) => {
    const size = hidden!.shape[1]!;
    const sums = add(x, matmul(hidden!, recurrentKernel));
    const next = add(
      mul(sigmoid(gate(sums, 1, size)), cell!),
      mul(sigmoid(gate(sums, 0, size)), tanh(gate(sums, 2, size))),
    );
    return [mul(sigmoid(gate(sums, 3, size)), tanh(next)), next];
  },
};

/** Gates in the order reset, update, new; the reset gate acts on `h U + c`. Cho et al. 2014, in cuDNN's and PyTorch's form. */
export const gruCell: Cell = {
  gates: 3,
  states: ["hidden"],
  recurrentBias: true,
  step: (x, [hidden], { recurrentKernel, recurrentBias }) => {
    const size = hidden!.shape[1]!;
    const sums = matmul(hidden!, recurrentKernel);
    const reset = sigmoid(add(gate(x, 0, size), gate(sums, 0, size)));
    const update = sigmoid(add(gate(x, 1, size), gate(sums, 1, size)));
    const recurrent = add(gate(sums, 2, size), recurrentBias!);
    const candidate = tanh(add(gate(x, 2, size), mul(reset, recurrent)));
    return [add(candidate, mul(update, sub(hidden!, candidate)))];
  },
};
