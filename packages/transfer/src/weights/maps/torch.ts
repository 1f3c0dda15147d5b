// The names of PyTorch's leaves, once it is known which layer they belong to.

const norms: Readonly<Record<string, string>> = {
  weight: "scale",
  bias: "bias",
  running_mean: "mean",
  running_var: "variance",
  num_batches_tracked: "none",
};

/** The variable of a normalisation: `scale` of `weight`; `"none"` of its count of batches; undefined of other names. */
export const normVariable = (leaf: string): string | undefined =>
  Object.hasOwn(norms, leaf) ? norms[leaf] : undefined;

/** The variable of a convolution or dense layer: `kernel` of `weight`. */
export const kernelVariable = (leaf: string): string | undefined =>
  leaf === "weight" ? "kernel" : leaf === "bias" ? "bias" : undefined;

/** A name without its last part, and that part. */
export function splitLeaf(name: string): readonly [module: string, leaf: string] {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
}

/** The path of a variable; `"none"` and undefined stay. */
export function variableAt(layer: string, variable: string | undefined): string | undefined {
  return variable === undefined || variable === "none" ? variable : `${layer}.${variable}`;
}
