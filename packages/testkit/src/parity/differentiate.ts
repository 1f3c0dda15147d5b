// Recomputing a golden case on a backend: value, gradients and second gradients as the golden files define them.
import { add, type Backend, grad, mul, run, square, sum, type Tensor } from "@hooke/runtime";
import type { GoldenCase } from "../golden.ts";

/** Tensors by dotted path, as in a golden case. */
export type Named = Readonly<Record<string, Tensor>>;

/** What a golden case holds, computed here. */
export type Recomputed = Pick<GoldenCase, "outputs" | "gradients" | "secondGradients">;

/**
 * Runs `fn` on the inputs of a case, with the derivatives that the case stores.
 *
 * @param fn the outputs by name; the one that is differentiated is `value`
 */
export async function recompute(
  backend: Backend,
  golden: GoldenCase,
  fn: (inputs: Named) => Named,
): Promise<Recomputed> {
  const pick = (named: Named, keys: readonly string[]): Named =>
    Object.fromEntries(keys.map((key) => [key, named[key]!]));
  const first = Object.keys(golden.gradients);
  const second = Object.keys(golden.secondGradients);
  const program = (inputs: Named): Record<keyof Recomputed, Named> => {
    const scalar = (wrt: Named, rest: Named): Tensor => {
      const all = { ...rest, ...wrt };
      const { value } = fn(all);
      return all.cotangent === undefined ? value! : sum(mul(value!, all.cotangent));
    };
    const squares = (wrt: Named, rest: Named): Tensor => {
      const all = { ...rest, ...wrt };
      const gradients = grad(scalar)(pick(all, first), all);
      return Object.values(gradients)
        .map((gradient) => sum(square(gradient)))
        .reduce((a, b) => add(a, b));
    };
    return {
      outputs: fn(inputs),
      gradients: first.length === 0 ? {} : grad(scalar)(pick(inputs, first), inputs),
      secondGradients: second.length === 0 ? {} : grad(squares)(pick(inputs, second), inputs),
    };
  };
  return (await run(backend, program as never, golden.inputs as never)) as unknown as Recomputed;
}
