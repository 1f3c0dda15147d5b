// The backend computes what the reference computes: outputs, next states and gradients.
import type { TensorTree } from "@hooke/core";
import {
  add,
  asTensor,
  type Backend,
  type HostArray,
  type Key,
  mul,
  run,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
  valueAuxAndGrad,
} from "@hooke/runtime";
import { sample } from "../../cases/samples.ts";
import type { Tolerance } from "../../compare.ts";
import { key, type LayerCase, type LayerCheck, reference, type Setup, setUp } from "../case.ts";
import { treeDifferences } from "../compare.ts";
import { applyTo, inputsOf } from "../inputs.ts";

type Named = Readonly<Record<string, Tensor>>;

/** Rounding of a few layers. A gradient that cancels to 0 is rounding alone. */
export const tolerance: Tolerance = { relative: { f32: 1e-4, f64: 1e-11 }, magnitude: "largest or 1" };

export const floatDTypes = ["f32", "f64"] as const;

/** In each float dtype of the backend, in training and in inference. */
export const agreement: LayerCheck = async (entry, { backend }) => {
  const problems: string[] = [];
  for (const dtype of floatDTypes) {
    if (backend.dtypes.includes(dtype)) problems.push(...(await agreementIn(dtype, entry, backend)));
  }
  return problems;
};

/**
 * In one float dtype.
 *
 * @param truth what the backend agrees with. Default: the reference
 * @param modes whether in training. Default: both
 */
export async function agreementIn(
  dtype: (typeof floatDTypes)[number],
  entry: LayerCase,
  backend: Backend,
  truth: Backend = reference,
  modes: readonly boolean[] = [false, true],
): Promise<string[]> {
  const problems: string[] = [];
  const setup = await setUp(entry, truth, dtype);
  for (const training of modes) {
    const actual = await differentiated(backend, entry, setup, training);
    const expected = await differentiated(truth, entry, setup, training);
    const mode = `${training ? "in training" : "in inference"}, ${dtype}`;
    problems.push(...treeDifferences(actual, expected, tolerance).map((problem) => `${mode}: ${problem}`));
  }
  return problems;
}

/** Output, next state, and the gradient of a weighted sum of both in everything that is a float. */
async function differentiated(
  backend: Backend,
  { layer }: LayerCase,
  setup: Setup,
  training: boolean,
): Promise<Tree<HostArray>> {
  const { floats, others } = inputsOf(setup);
  const pass = (wrt: TensorTree, rest: Named, state: TensorTree, at: Key) => {
    const loss = (moving: TensorTree): readonly [Tensor, ReturnType<typeof applyTo>] => {
      const applied = applyTo(layer, setup, { ...rest, ...(moving as Named) }, { training, key: at, state });
      const weighted = treeLeaves<Tensor>({ ...applied }).map(({ value }, i) =>
        sum(mul(value, asTensor(sample(value.shape, value.dtype, { low: 0.5, high: 1.5, seed: 77 + i })))),
      );
      return [weighted.reduce((a, b) => add(a, b)), applied];
    };
    const [, applied, gradients] = valueAuxAndGrad(loss)(wrt);
    return { ...applied, gradients };
  };
  const found = await run(backend, pass as never, ...([floats, others, setup.variables.state, key] as never[]));
  return found as Tree<HostArray>;
}
