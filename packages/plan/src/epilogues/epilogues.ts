// Routines that go on with the elementwise nodes behind them, as a loop does: what they have made is read without memory.
import { type PrimitiveName, type Shape, sameShape } from "@hooke/runtime";
import type { Elementwise, RoutineKernel } from "../kernel.ts";
import type { Epilogues } from "../parts.ts";
import { isWhole } from "../view.ts";

/** The most nodes of an epilogue. */
const largest = 100;

/** An epilogue before its shape is known: the elements stay the same, in the same order. */
type Open = { -readonly [K in keyof Elementwise]: Elementwise[K] };

/** Epilogues of some routines. */
export const epiloguesOf = (routines: ReadonlySet<PrimitiveName>): Epilogues => ({
  begin: (node) =>
    routines.has(node.primitive) ? { shape: node.outputs[0]!.shape, nodes: [], stores: [] } : undefined,
  isMade: (kernel, view) => kernel.kind === "routine" && kernel.node.outputs[0] === view.root && isWhole(view),
  takes: (kernel, shape, count, read) => {
    if (kernel?.kind !== "routine" || kernel.nodes === undefined) return false;
    const makes = [kernel.node, ...kernel.nodes].some(({ outputs }) => read.has(outputs[0]!));
    if (!makes || kernel.nodes.length + count > largest) return false;
    if (isFree(kernel)) (kernel as Open).shape = shape;
    return sameShape(kernel.shape!, shape);
  },
});

/** Whether nothing depends on the shape yet: the output may be stored, as that is dense. */
const isFree = ({ nodes, stores }: RoutineKernel & { readonly shape?: Shape }): boolean =>
  nodes!.length === 0 && stores!.every(({ value, target }) => value === target.root);
