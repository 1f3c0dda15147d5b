// How much of the gradient reaches each layer of a network that has just been made.
import { wasmBackend } from "@hooke/backend-wasm";
import { activate, mse } from "@hooke/core";
import {
  add,
  fold,
  full,
  grad,
  type Key,
  matmul,
  mul,
  norm,
  normal,
  randomKey,
  run,
  scan,
  type Tensor,
} from "@hooke/runtime";

export const activations = ["sigmoid", "tanh", "relu", "gelu"] as const;
type Name = (typeof activations)[number];

export interface Settings {
  /** Layers, each 32 wide. */
  readonly depth: number;
  /** Standard deviation of the weights, times the root of the width. 1 keeps the variance of what is small and not bent. */
  readonly gain: number;
  /** Whether each layer adds to its input, in place of replacing it. */
  readonly shortcuts: boolean;
}

/** By activation, the norm of the gradient of the loss in what goes into each layer, first layer first. */
export type Norms = Readonly<Record<Name, readonly number[]>>;

const width = 32;
const rows = 64;

export async function compute({ depth, gain, shortcuts }: Settings): Promise<Norms> {
  const norms = (key: Key) => {
    const inputs = normal(fold(key, "inputs"), [rows, width], "f64");
    const targets = normal(fold(key, "targets"), [rows, width], "f64");
    const weights = mul(normal(fold(key, "weights"), [depth, width, width], "f64"), gain / Math.sqrt(width));
    // Added to what goes into each layer: the gradient in these zeros is the gradient in that.
    const nothing = full([depth, rows, width], 0, "f64");
    return activations.map((activation) => {
      const layer = (x: Tensor, { kernel, nudge }: { readonly kernel: Tensor; readonly nudge: Tensor }) => {
        const reached = add(x, nudge);
        const bent = activate(activation, matmul(reached, kernel));
        return [shortcuts ? add(reached, bent) : bent, []] as const;
      };
      const loss = (nudges: Tensor) => mse()(scan(layer, inputs, { kernel: weights, nudge: nudges })[0], targets);
      return norm(grad(loss)(nothing), { axes: [1, 2] });
    });
  };
  const [sigmoid, tanh, relu, gelu] = (await run(wasmBackend(), norms, randomKey(0))).map(({ data }) =>
    Array.from(data),
  );
  return { sigmoid: sigmoid!, tanh: tanh!, relu: relu!, gelu: gelu! };
}
