// How each kind of primitive is executed.
import type { Node, PrimitiveName } from "@hooke/runtime";
import type { ViewPrimitive } from "./view.ts";

const views: ReadonlySet<PrimitiveName> = /* @__PURE__ */ new Set<ViewPrimitive>([
  "reshape",
  "transpose",
  "broadcast",
  "slice",
  "reverse",
]);

const routines: ReadonlySet<PrimitiveName> = /* @__PURE__ */ new Set<PrimitiveName>([
  "dot",
  "conv",
  "convInputGradient",
  "convKernelGradient",
  "maxPool",
  "maxPoolIndex",
  "poolGather",
  "poolScatter",
  "sumPool",
  "sumPoolTranspose",
  "gather",
  "scatterAdd",
  "cumsum",
  "sort",
  "argSort",
  "argMax",
  "randomBits",
  "foldKey",
]);

const others: ReadonlySet<PrimitiveName> = /* @__PURE__ */ new Set<PrimitiveName>([
  "full",
  "constant",
  "iota",
  "pad",
  "concat",
  "sum",
  "max",
  "min",
  "scan",
]);

/** Whether a node only renames elements. */
export const isView = (node: Node): node is Extract<Node, { primitive: ViewPrimitive }> => views.has(node.primitive);
/** Whether a node is computed by a routine of its own. */
export const isRoutine = (node: Node): boolean => routines.has(node.primitive);
/** Whether a node is a function of elements at one position. */
export const isPointwise = (node: Node): boolean =>
  !views.has(node.primitive) && !routines.has(node.primitive) && !others.has(node.primitive);
