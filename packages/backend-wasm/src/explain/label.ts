// What a kernel is called: its kind, the primitives fused into it and the layers that they belong to.
import type { Kernel } from "@hooke/plan";
import type { Node } from "@hooke/runtime";

/** The multiplications of a convolution that is computed in tiles; undefined of other nodes. */
export type TilesOf = (node: Node) => number | undefined;

/** Such as `loop add mul*2 tanh @ features.0`, or `conv in tiles @ features.1`. */
export function labelOf(kernel: Kernel, tilesOf: TilesOf): string {
  switch (kernel.kind) {
    case "pointwise":
      return kernel.nodes.length === 0 ? "copy" : `loop ${wordsOf(kernel.nodes)}${scopesOf(kernel.nodes)}`;
    case "reduction": {
      const { node, nodes } = kernel;
      return `${node.primitive}${nodes.length === 0 ? "" : ` of ${wordsOf(nodes)}`}${scopesOf([...nodes, node])}`;
    }
    case "routine": {
      const { node } = kernel;
      const tiles = tilesOf(node) !== undefined;
      return `${node.primitive}${tiles ? " in tiles" : ""}${scopesOf([node])}`;
    }
    case "scan":
      return `scan${scopesOf([kernel.node])}`;
  }
}

/** Primitives in the order of their first use, those used repeatedly with their number. */
function wordsOf(nodes: readonly Node[]): string {
  const groups = Map.groupBy(nodes, ({ primitive }) => primitive);
  return [...groups].map(([primitive, { length }]) => (length === 1 ? primitive : `${primitive}*${length}`)).join(" ");
}

/** At most three scopes, in the order of their first use. */
function scopesOf(nodes: readonly Node[]): string {
  const scopes = [...new Set(nodes.map(({ scope }) => scope))].filter((scope) => scope !== "");
  if (scopes.length === 0) return "";
  const more = scopes.length > 3 ? ` and ${scopes.length - 3} more` : "";
  return ` @ ${scopes.slice(0, 3).join(", ")}${more}`;
}
