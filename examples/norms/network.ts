// One network, four norms: blocks of dense, norm and relu that differ in nothing but the norm.
import {
  activation,
  apply,
  batchNorm,
  defineLayer,
  dense,
  groupNorm,
  type Layer,
  layerNorm,
  type NoOptions,
  sequential,
  type Variables,
} from "@hooke/core";
import { add, type Backend, compile, type HostArray, mul, type Tensor } from "@hooke/runtime";

/** Scale and bias per channel, which every norm ends with, after no normalisation at all. */
const noNorm = defineLayer({
  type: "noNorm",
  params: (_config: NoOptions, inputShape) => ({
    scale: { shape: inputShape.slice(-1), initializer: "ones" },
    bias: { shape: inputShape.slice(-1), initializer: "zeros" },
  }),
  apply: ({ params }, x) => add(mul(x, params.scale), params.bias),
});

const norms = {
  none: () => noNorm(),
  batch: () => batchNorm(),
  layer: () => layerNorm(),
  group: () => groupNorm({ groups: 8 }),
} as const satisfies Record<string, () => Layer>;

/** The name of a norm. */
export type NormName = keyof typeof norms;

export const normNames = Object.keys(norms) as NormName[];

/** Channels of each block. */
const units = 64;

// Biases belong to the norms: batch norm would take out one before it, and it would tell the others the magnitude.
const block = (name: NormName) => ({ dense: dense({ units, bias: false }), norm: norms[name]() });

/** Two blocks and a linear head: `[batch, features]` to `[batch, outputs]`. All norms have the same parameters. */
export function network(name: NormName, outputs: number): Layer {
  const whole = () => sequential({ ...block(name), relu: activation("relu") });
  return sequential({ first: whole(), second: whole(), head: dense({ units: outputs }) });
}

/** A {@link network} up to its first norm, on the network's variables: `[batch, features]` to `[batch, 64]`. */
export const untilFirstNorm = (name: NormName): Layer => sequential({ first: sequential(block(name)) });

/**
 * A layer as a function of variables and a batch, prepared once.
 *
 * @param training whether batch norm takes the statistics of the batch it is given, or the running ones
 */
export function outputOf(
  backend: Backend,
  layer: Layer,
  training: boolean,
): (variables: Variables<HostArray>, inputs: HostArray) => Promise<HostArray> {
  const output = (given: Variables, x: Tensor) => apply(layer, given, x, { training }).output;
  return compile(backend, output as (...args: unknown[]) => unknown) as never;
}
