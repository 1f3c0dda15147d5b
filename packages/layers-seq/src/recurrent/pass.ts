// One pass of a cell over a sequence, forwards or backwards: one `scan`, whatever its length.
import {
  checkSequence,
  defineLayer,
  type Initializer,
  type InitializerFunction,
  type LayerContext,
  type LayerFactory,
  sequenceLengths,
  validSteps,
} from "@hooke/core";
import {
  add,
  checks,
  concat,
  full,
  matmul,
  type Shape,
  scan,
  select,
  sliceAxis,
  type Tensor,
  transpose,
  uniform,
} from "@hooke/runtime";
import { type Cell, gruCells, lstmCell, type ResetGate, simpleCell } from "./cells.ts";

/** Options of all passes. */
export interface PassConfig {
  /** Size of the state. */
  readonly hiddenSize: number;
  /** Whether it runs from the last valid step to the first. Default false. */
  readonly reverse?: boolean;
}

/** Options of {@link lstmPass}. */
export interface LstmPassConfig extends PassConfig {
  /** What the forget gate's bias starts from. Default: drawn as the others. */
  readonly forgetBias?: number;
}

/** Options of {@link gruPass}. */
export interface GruPassConfig extends PassConfig {
  /** Where the reset gate acts, as in {@link GruConfig}. Default `"afterProduct"`. */
  readonly resetGate?: ResetGate;
}

/** Options of {@link rnnPass}. */
export interface RnnPassConfig extends PassConfig {
  /** Default `"tanh"`. */
  readonly activation?: "tanh" | "relu";
}

const required = { hiddenSize: checks.count };
const optional = { reverse: checks.flag };

/** The check of a simple cell's activation. */
export const activationCheck = (value: unknown): string | undefined => checks.oneOf(value, ["tanh", "relu"]);

/** The check of where a GRU's reset gate acts. */
export const resetGateCheck = (value: unknown): string | undefined => checks.oneOf(value, Object.keys(gruCells));

/** PyTorch's recurrent layers draw every parameter uniformly within `1 / sqrt(hiddenSize)`. */
const uniformWithin = (hiddenSize: number): { readonly low: number; readonly high: number } => ({
  low: -(hiddenSize ** -0.5),
  high: hiddenSize ** -0.5,
});

/** Those of an LSTM's biases, gates in the order input, forget, cell, output, with a forget gate's of our own. */
const withForgetBias =
  (hiddenSize: number, forgetBias: number): InitializerFunction =>
  (key, shape, dtype) => {
    const drawn = uniform(key, shape, { ...uniformWithin(hiddenSize), dtype });
    const gates = (from: number, to: number): Tensor => sliceAxis(drawn, 0, from * hiddenSize, to * hiddenSize);
    return concat([gates(0, 1), full([hiddenSize], forgetBias, dtype), gates(2, 4)], 0);
  };

function parametersOf({ gates, recurrentBias }: Cell, { hiddenSize }: PassConfig, inputShape: Shape) {
  const features = inputShape.at(-1) ?? 0;
  const initializer: Initializer = { name: "uniform", ...uniformWithin(hiddenSize) };
  return {
    kernel: { shape: [features, gates * hiddenSize], initializer },
    recurrentKernel: { shape: [hiddenSize, gates * hiddenSize], initializer },
    bias: { shape: [gates * hiddenSize], initializer },
    recurrentBias: recurrentBias ? { shape: [hiddenSize], initializer } : undefined,
  };
}

type PassContext = LayerContext<PassConfig, ReturnType<typeof parametersOf>>;

function runPass(cell: Cell, { config, params, extras: { lengths }, carried, carry }: PassContext, x: Tensor): Tensor {
  checkSequence(x, "[batch, time, features]");
  const { hiddenSize, reverse = false } = config;
  const [batch, time] = x.shape as [number, number];
  const known = sequenceLengths(lengths, x);
  const valid = known && validSteps(known, time);
  // What stands behind the end reaches nothing, not even a derivative by way of 0 times NaN.
  const inside = valid === undefined ? x : select(valid, x, 0);
  // All steps in one product, in their order; only what depends on the state is left to the loop.
  const input = add(matmul(transpose(inside, [1, 0, 2]), params.kernel), params.bias);
  const start = cell.states.map((name) => carried(name, full([batch, hiddenSize], 0, x.dtype)));
  const steps: { readonly input: Tensor; readonly valid?: Tensor } =
    valid === undefined ? { input } : { input, valid: transpose(valid, [1, 0, 2]) };
  const advance = cell.step(params);
  const [last, outputs] = scan(
    (states: readonly Tensor[], step: typeof steps) => {
      const next = advance(step.input, states);
      if (step.valid === undefined) return [next, next[0]!] as const;
      const { valid } = step;
      const kept = next.map((value, i) => select(valid, value, states[i]!));
      return [kept, select(valid, next[0]!, 0)] as const;
    },
    start,
    steps,
    { reverse },
  );
  for (const [i, name] of cell.states.entries()) carry(name, last[i]!);
  return transpose(outputs, [1, 0, 2]);
}

/**
 * One layer of {@link rnn} in one direction: `[batch, time, features]` to `[batch, time, hiddenSize]`. Lengths and what is
 * carried (`hidden [batch, hiddenSize]`) are as there. Elman 1990.
 *
 * Parameters: `kernel [features, hiddenSize]`, `recurrentKernel [hiddenSize, hiddenSize]`, `bias [hiddenSize]`, all uniform
 * within `1 / sqrt(hiddenSize)`.
 *
 * @throws on anything but sequences of floats, on lengths that are not one for each row, and on carried states of another shape
 */
export const rnnPass: LayerFactory<RnnPassConfig> = /* @__PURE__ */ defineLayer({
  type: "rnnPass",
  options: { required, optional: { ...optional, activation: activationCheck } },
  params: (config: RnnPassConfig, inputShape) => parametersOf(simpleCell("tanh"), config, inputShape),
  apply: (context, x) => runPass(simpleCell(context.config.activation ?? "tanh"), context, x),
});

/**
 * One layer of {@link lstm} in one direction: `[batch, time, features]` to `[batch, time, hiddenSize]`. Lengths and what is
 * carried (`hidden` and `cell`, `[batch, hiddenSize]`) are as there. Hochreiter and Schmidhuber 1997; Gers et al. 2000.
 *
 * Parameters, gates in the order input, forget, cell, output: `kernel [features, 4 hiddenSize]`, `recurrentKernel [hiddenSize,
 * 4 hiddenSize]`, `bias [4 hiddenSize]`, all uniform within `1 / sqrt(hiddenSize)`, but for the forget gate's bias where
 * `forgetBias` says otherwise.
 *
 * @throws on anything but sequences of floats, on lengths that are not one for each row, and on carried states of another shape
 */
export const lstmPass: LayerFactory<LstmPassConfig> = /* @__PURE__ */ defineLayer({
  type: "lstmPass",
  options: { required, optional: { ...optional, forgetBias: checks.finite } },
  params: (config: LstmPassConfig, inputShape) => {
    const { hiddenSize, forgetBias } = config;
    const { bias, ...others } = parametersOf(lstmCell, config, inputShape);
    const initializer = forgetBias === undefined ? bias.initializer : withForgetBias(hiddenSize, forgetBias);
    return { ...others, bias: { ...bias, initializer } };
  },
  apply: (context, x) => runPass(lstmCell, context, x),
});

const gruCellOf = ({ resetGate = "afterProduct" }: GruPassConfig): Cell => gruCells[resetGate];

/**
 * One layer of {@link gru} in one direction: `[batch, time, features]` to `[batch, time, hiddenSize]`. Lengths and what is
 * carried (`hidden [batch, hiddenSize]`) are as there. Cho et al. 2014.
 *
 * Parameters, gates in the order reset, update, new: `kernel [features, 3 hiddenSize]`, `recurrentKernel [hiddenSize,
 * 3 hiddenSize]`, `bias [3 hiddenSize]`, and after the product `recurrentBias [hiddenSize]`, all uniform within `1 / sqrt(hiddenSize)`.
 *
 * @throws on anything but sequences of floats, on lengths that are not one for each row, and on carried states of another shape
 */
export const gruPass: LayerFactory<GruPassConfig> = /* @__PURE__ */ defineLayer({
  type: "gruPass",
  options: { required, optional: { ...optional, resetGate: resetGateCheck } },
  params: (config: GruPassConfig, inputShape) => parametersOf(gruCellOf(config), config, inputShape),
  apply: (context, x) => runPass(gruCellOf(context.config), context, x),
});
