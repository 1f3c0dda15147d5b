// Sequences of different lengths: what stands behind their ends reaches nothing, or the layer refuses lengths.
import {
  defineLayer,
  type LayerContext,
  type NoOptions,
  sequenceLengths,
  sequential,
  withinLengths,
} from "@hooke/core";
import {
  array,
  compile,
  HookeError,
  type HostArray,
  isFloat,
  mul,
  sum,
  type Tensor,
  type Tree,
  valueAuxAndGrad,
} from "@hooke/runtime";
import { key, type LayerCheck, rows, type Setup, setUp, specOf } from "../case.ts";
import { treeDifferences } from "../compare.ts";
import { applyTo, inputsOf } from "../inputs.ts";

/** What stands behind a layer that keeps the steps: it looks at those that count. */
const reader = defineLayer({
  type: "testkit/steps",
  options: {},
  apply: ({ extras: { lengths } }: LayerContext<NoOptions>, x) => withinLengths(x, sequenceLengths(lengths, x)),
});

/**
 * Of `[batch, steps, ...]` with lengths, in training: output, next state and gradients keep their bits whatever number pads
 * the sequences. Layers that refuse lengths pass.
 */
export const padding: LayerCheck = async (entry, { backend }) => {
  const { shape, dtype = "f32" } = specOf(entry.input);
  if (shape.length < 2 || shape[0]! < 2 || !isFloat(dtype)) return [];
  const { variables, x, extras } = await setUp(entry, backend);
  const lengths = Array.from({ length: rows }, (_, row) => (row === 0 ? shape[0]! : row));
  const given = (filling: number): Setup => ({
    variables: { params: { layer: variables.params }, state: { layer: variables.state } },
    x: padded(x, lengths, filling),
    extras: { ...extras, lengths: array(lengths, { dtype: "i32" }) },
  });
  const clean = given(0);
  const model = sequential({ layer: entry.layer, steps: reader() });
  const pass = compile(backend, ((floats: Record<string, Tensor>, others: Record<string, Tensor>) => {
    const loss = (moving: Record<string, Tensor>) => {
      const applied = applyTo(model, clean, { ...others, ...moving }, { training: true, key: key as never });
      return [sum(mul(applied.output, applied.output)), applied] as const;
    };
    const [, applied, gradients] = valueAuxAndGrad(loss as never)(floats as never);
    return { ...(applied as object), gradients };
  }) as never) as unknown as (...operands: unknown[]) => Promise<Tree<HostArray>>;
  const outcome = (filling: number): Promise<Tree<HostArray>> => {
    const { floats, others } = inputsOf(given(filling));
    return pass(floats, others);
  };
  try {
    const expected = await outcome(0);
    return treeDifferences(await outcome(1e6), expected).map((problem) => `padded with 1e6 in place of 0, ${problem}`);
  } catch (error) {
    // The other checks apply the layer to the same shapes without lengths: these are what does not fit.
    if (error instanceof HookeError && error.code === "mismatch") return [];
    throw error;
  }
};

function padded(x: HostArray, lengths: readonly number[], filling: number): HostArray {
  const [count, steps] = x.shape as readonly [number, number];
  const width = x.data.length / (count * steps);
  const data = x.data.map((value: number, i: number) => {
    const step = Math.floor(i / width);
    return step % steps < lengths[Math.floor(step / steps)]! ? value : filling;
  });
  return { ...x, data } as HostArray;
}
