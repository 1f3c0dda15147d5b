// What a kernel is called: its kind, the primitives fused into it and the layers that they belong to.
import type { Node } from "@hooke/runtime";
import type { Kernel } from "../kernel.ts";

/** How a kernel is computed, if that is worth saying: `in tiles`. */
export type WayOf = (kernel: Kernel) => string | undefined;

/** Such as `loop add mul*2 tanh @ features.0`, or `conv in tiles @ features.1`. */
export function labelOf(kernel: Kernel, wayOf: WayOf = () => undefined): string {
  const way = wayOf(kernel);
  const said = way === undefined ? "" : ` ${way}`;
  switch (kernel.kind) {
    case "pointwise":
      return kernel.nodes.length === 0
        ? `copy${said}`
        : `loop ${wordsOf(kernel.nodes)}${said}${scopesOf(kernel.nodes)}`;
    case "reduction": {
      const { node, nodes } = kernel;
      return `${node.primitive}${nodes.length === 0 ? "" : ` of ${wordsOf(nodes)}`}${said}${scopesOf([...nodes, node])}`;
    }
    case "routine": {
      const { node, nodes = [] } = kernel;
      const then = nodes.length === 0 ? "" : ` then ${wordsOf(nodes)}`;
      return `${node.primitive}${said}${then}${scopesOf([node, ...nodes])}`;
    }
    case "scan":
      return `scan${said}${scopesOf([kernel.node])}`;
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
