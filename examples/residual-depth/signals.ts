// Before training: how large the loss's gradient is in every convolution, and whether batches agree on its direction.

import { apply, crossEntropy, type Layer, type Variables } from "@hooke/core";
import { type Dataset, take } from "@hooke/data";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { type Backend, compile, grad, type HostArray, type Tensor, type Tree, treeLeaves } from "@hooke/runtime";

/** What is measured of one convolution's kernel. */
export interface Signal {
  /** Its dotted path in the model. */
  readonly path: string;
  /** Norm of the gradient, mean over batches. */
  readonly norm: number;
  /** Cosine between the gradients of two batches, mean over all pairs of them: 1 where all agree, 0 where they are noise. */
  readonly agreement: number;
}

/** Signals of all convolutions of a classifier in training mode, from the input to the output; batches are disjoint. */
export async function signals(
  backend: Backend,
  layer: Layer,
  variables: Variables<HostArray>,
  data: Dataset,
  { batches, batchSize }: { readonly batches: number; readonly batchSize: number },
): Promise<readonly Signal[]> {
  const loss = crossEntropy();
  const gradient = compile(backend, (given: Variables, inputs: Tensor, targets: Tensor) =>
    grad((params: Tree<Tensor>) => {
      const { output } = apply(layer, { ...given, params }, inputs, { training: true });
      return loss(output, targets);
    })(given.params),
  );
  const kernels: Map<string, Float32Array[]> = new Map();
  for (let batch = 0; batch < batches; batch++) {
    const rows = Array.from({ length: batchSize }, (_, i) => batch * batchSize + i);
    const { inputs, targets } = take(data, rows);
    const slopes = await gradient(variables, inputs, targets);
    for (const { path, value } of treeLeaves<HostArray>(slopes)) {
      if (value.shape.length !== 4) continue;
      kernels.set(path, [...(kernels.get(path) ?? []), value.data as Float32Array]);
    }
  }
  return Array.from(kernels, ([path, gradients]) => ({ path, ...summarized(gradients) }));
}

function summarized(gradients: readonly Float32Array[]): Pick<Signal, "norm" | "agreement"> {
  const norms = gradients.map((values) => Math.sqrt(dot(values, values)));
  const cosines = gradients.flatMap((a, i) => gradients.slice(0, i).map((b, j) => dot(a, b) / (norms[i]! * norms[j]!)));
  return { norm: meanOf(norms), agreement: meanOf(cosines) };
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The factor by which gradients grow per layer on their way back: least squares on the logarithms. */
export function growthPerLayer(found: readonly Signal[]): number {
  const logs = found.map(({ norm }) => Math.log(norm));
  const middle = (logs.length - 1) / 2;
  const slope =
    logs.reduce((total, value, i) => total + (i - middle) * value, 0) /
    logs.reduce((total, _, i) => total + (i - middle) ** 2, 0);
  return Math.exp(-slope);
}
