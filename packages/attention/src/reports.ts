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
  const weights = new Map(
    treeLeaves<T>(reports).flatMap(({ path: name, value }) => {
      const full = `.${name}`;
      return full.endsWith(suffix) ? [[full.slice(1, -suffix.length), value] as const] : [];
    }),
  );
  const found = weights.get(path);
  if (found !== undefined) return found;
  const names = [...weights.keys()].map((name) => `"${name}"`).join(", ");
  return fail(
    "attentionWeightsOf",
    `no layer "${path}" reported weights; ${names === "" ? "none did" : `${names} did`}.`,
  );
}
