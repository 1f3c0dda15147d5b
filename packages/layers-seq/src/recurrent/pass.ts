// One pass of a cell over a sequence, forwards or backwards: one `scan`, whatever its length.
import { checks, defineLayer, type Initializer, type LayerFactory } from "@hooke/core";
import {
  add,
  describe,
  full,
  HookeError,
  iota,
  less,
  matmul,
  minimum,
  reshape,
  scan,
  select,
  type Tensor,
  transpose,
} from "@hooke/runtime";
import { type Cell, gruCell, lstmCell, simpleCell } from "./cells.ts";

/** Options of a pass. */
export interface PassConfig {
  /** Size of the state. */
  readonly hiddenSize: number;
  /** From the last valid step to the first. Default false. */
  readonly reverse?: boolean;
}

/** Options of {@link rnnPass}. */
export interface RnnPassConfig extends PassConfig {
  /** Default `"tanh"`. */
  readonly activation?: "tanh" | "relu";
}

/** PyTorch's recurrent layers draw every parameter uniformly within `1 / sqrt(hiddenSize)`. */
const uniform = (hiddenSize: number): Initializer =>
  ({ name: "uniform", low: -(hiddenSize ** -0.5), high: hiddenSize ** -0.5 }) as Initializer;

/** Which steps are inside their sequence, `[time, batch, 1]`. */
export function validSteps(lengths: Tensor, time: number): Tensor {
  return less(iota([time, 1, 1], 0, "i32"), reshape(lengths, [1, lengths.shape[0]!, 1]));
}

/** The lengths of a batch, none above `time`; undefined where sequences are whole. @throws if there is not one for each row */
export function lengthsOf(lengths: Tensor | undefined, batch: number, time: number): Tensor | undefined {
  if (lengths === undefined) return undefined;
  if (lengths.dtype !== "i32" || lengths.rank !== 1 || lengths.shape[0] !== batch) {
    throw new HookeError(`received lengths ${describe(lengths)} for a batch of ${batch}; expected i32[${batch}].`);
  }
  return minimum(lengths, time);
}

/** @throws on anything but `[batch, time, features]` */
export function timeOf(x: Tensor): number {
  if (x.rank !== 3) throw new HookeError(`expected [batch, time, features], received [${x.shape.join(", ")}].`);
  return x.shape[1]!;
}

function pass<C extends RnnPassConfig>(
  type: string,
  cellOf: (config: RnnPassConfig) => Cell,
  own: object,
): LayerFactory<C> {
  return defineLayer({
    type,
    options: {
      required: { hiddenSize: checks.count },
      optional: { reverse: checks.flag, ...own },
    } as never,
    params: (config: RnnPassConfig, inputShape) => {
      const { hiddenSize } = config;
      const { gates } = cellOf(config);
      const features = inputShape.at(-1) ?? 0;
      const initializer = uniform(hiddenSize);
      return {
        kernel: { shape: [features, gates * hiddenSize], initializer },
        recurrentKernel: { shape: [hiddenSize, gates * hiddenSize], initializer },
        bias: { shape: [gates * hiddenSize], initializer },
        recurrentBias: gates === 3 ? { shape: [hiddenSize], initializer } : undefined,
      };
    },
    apply: ({ config, params, extras: { lengths }, carried, carry }, x) => {
      const { hiddenSize, reverse = false } = config;
      const cell = cellOf(config);
      const time = timeOf(x);
      const batch = x.shape[0]!;
      // All steps in one product; only what depends on the state is left to the loop.
      const projected = transpose(add(matmul(x, params.kernel), params.bias), [1, 0, 2]);
      const known = lengthsOf(lengths, batch, time);
      const valid = known === undefined ? undefined : validSteps(known, time);
      const start = cell.states.map((name) => carried(name) ?? full([batch, hiddenSize], 0, x.dtype));
      const cellParams = { recurrentKernel: params.recurrentKernel, recurrentBias: params.recurrentBias };
      const [last, outputs] = scan(
        (states: readonly Tensor[], step: { readonly input: Tensor; readonly inside?: Tensor }) => {
          const next = cell.step(step.input, states, cellParams);
          const { inside } = step;
          if (inside === undefined) return [next, next[0]!] as const;
          const kept = next.map((value, i) => select(inside, value, states[i]!));
          return [kept, select(inside, next[0]!, 0)] as const;
        },
        start,
        (valid === undefined ? { input: projected } : { input: projected, inside: valid }) as { input: Tensor },
        { reverse },
      );
      for (const [i, name] of cell.states.entries()) carry(name, (last as readonly Tensor[])[i]!);
      return transpose(outputs as Tensor, [1, 0, 2]);
    },
  }) as unknown as LayerFactory<C>;
}

/** A pass of the simple cell; see `rnn`. */
export const rnnPass: LayerFactory<RnnPassConfig> = /* @__PURE__ */ pass<RnnPassConfig>(
  "rnnPass",
  ({ activation = "tanh" }) => simpleCell(activation),
  { activation: (value: unknown) => checks.oneOf(value, ["tanh", "relu"]) },
);
/** A pass of the LSTM cell; see `lstm`. */
export const lstmPass: LayerFactory<PassConfig> = /* @__PURE__ */ pass<PassConfig>("lstmPass", () => lstmCell, {});
/** A pass of the GRU cell; see `gru`. */
export const gruPass: LayerFactory<PassConfig> = /* @__PURE__ */ pass<PassConfig>("gruPass", () => gruCell, {});
