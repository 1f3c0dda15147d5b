// Reports of attention layers, by layer path.
import { fail, type HostArray, type Tensor, type Tree, treeLeaves } from "@hooke/runtime";

const suffix = ".weights";

/**
 * The weights that an attention layer reported, `[batch, queries, keys]` or `[batch, heads, queries, keys]`: a tensor while
 * recording, a host array among results.
 *
 * @param reports what `apply` returns as `reports`, or a run of it
 * @param path of the layer: `"0.attention"` in an encoder, `""` for a layer alone
 * @throws if no layer of that path reported weights, with the paths of those that did
 */
export function attentionWeightsOf<T extends Tensor | HostArray>(reports: Tree<T>, path: string): T {
  const weights = allAttentionWeights(reports);
  const found = weights.get(path);
  if (found !== undefined) return found;
  const names = [...weights.keys()].map((name) => `"${name}"`).join(", ");
  return fail(
    "attentionWeightsOf",
    `no layer "${path}" reported weights; ${names === "" ? "none did" : `${names} did`}.`,
  );
}

/**
 * The weights of all attention layers that reported some, by layer path, in the order in which they ran.
 *
 * @param reports what `apply` returns as `reports`, or a run of it
 */
export function allAttentionWeights<T extends Tensor | HostArray>(reports: Tree<T>): ReadonlyMap<string, T> {
  return new Map(
    treeLeaves<T>(reports).flatMap(({ path, value }) => {
      const full = `.${path}`;
      return full.endsWith(suffix) ? [[full.slice(1, -suffix.length), value] as const] : [];
    }),
  );
}
