// Local identities: for a primitive, a cheaper value equal to what it would compute. Rules that change rounding are left out;
// the sign of a zero may change.
import { sameShape, sizeOf } from "../array.ts";
import type { creation } from "../primitives/creation.ts";
import type { dot } from "../primitives/dot.ts";
import type { elementwise } from "../primitives/elementwise.ts";
import type { PrimitiveName, PrimitiveParams } from "../primitives/params.ts";
import type { structure } from "../primitives/structure.ts";
import type { NodeOf, Value } from "../program.ts";

/** Rules by primitive of all that identities build. */
export type Families = typeof elementwise & typeof creation & typeof structure & typeof dot;

/** What a rewriting rule may ask for and build. */
export interface Rewriter {
  /** The node that defines a value, if it is of this primitive. */
  definition<K extends PrimitiveName>(value: Value, primitive: K): NodeOf<K> | undefined;
  /** The number that fills a value, as its dtype holds it, if it is known. */
  filled(value: Value): number | undefined;
  /** Emits a node with one output, itself simplified. */
  emit<K extends keyof Families>(primitive: K, inputs: readonly Value[], params: PrimitiveParams[K]): Value;
}

type Identity<K extends PrimitiveName> = (node: NodeOf<K>, rewriter: Rewriter) => Value | undefined;

/** Whether a permutation only moves dimensions of size 1, so that no element moves. */
function movesNothing({ shape }: Value, permutation: readonly number[]): boolean {
  const real = permutation.filter((axis) => shape[axis] !== 1);
  return real.every((axis, i) => i === 0 || real[i - 1]! < axis);
}

/** The operand behind a transposition of the last two axes. */
function untransposed(value: Value, { definition }: Rewriter): Value | undefined {
  const node = definition(value, "transpose");
  if (node === undefined) return undefined;
  const { permutation } = node.params;
  const last = permutation.length - 1;
  const swaps = permutation.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
  return swaps ? node.inputs[0] : undefined;
}

const conjunction = (known: Value, other: Value, { filled }: Rewriter): Value | undefined =>
  known.dtype !== "bool" || filled(known) === undefined ? undefined : filled(known) ? other : known;

const disjunction = (known: Value, other: Value, { filled }: Rewriter): Value | undefined =>
  known.dtype !== "bool" || filled(known) === undefined ? undefined : filled(known) ? known : other;

export const identities: { readonly [K in PrimitiveName]?: Identity<K> } = {
  stopGradient: ({ inputs: [x] }) => x,
  known: ({ inputs: [value] }) => value,
  neg: ({ inputs: [x] }, { definition }) => definition(x!, "neg")?.inputs[0],
  add({ inputs: [a, b] }, { filled, definition, emit }) {
    if (filled(a!) === 0) return b;
    if (filled(b!) === 0) return a;
    const negatedB = definition(b!, "neg")?.inputs[0];
    if (negatedB) return emit("sub", [a!, negatedB], {});
    const negatedA = definition(a!, "neg")?.inputs[0];
    return negatedA && emit("sub", [b!, negatedA], {});
  },
  sub({ inputs: [a, b] }, { filled, definition, emit }) {
    if (filled(b!) === 0) return a;
    const negated = definition(b!, "neg")?.inputs[0];
    return negated && emit("add", [a!, negated], {});
  },
  mul({ inputs: [a, b] }, { filled, emit }) {
    if (filled(a!) === 1) return b;
    if (filled(b!) === 1) return a;
    if (filled(b!) === -1) return emit("neg", [a!], {});
    return filled(a!) === -1 ? emit("neg", [b!], {}) : undefined;
  },
  div({ inputs: [a, b] }, { filled, emit }) {
    const divisor = filled(b!);
    if (divisor === 1) return a;
    // A power of two has an exact reciprocal.
    const exact = divisor !== undefined && /^f/.test(a!.dtype) && Math.abs(Math.log2(Math.abs(divisor))) < 100;
    if (!exact || !Number.isInteger(Math.log2(Math.abs(divisor)))) return undefined;
    return emit("mul", [a!, emit("full", [], { value: 1 / divisor, shape: b!.shape, dtype: b!.dtype })], {});
  },
  pow({ inputs: [a, b] }, { filled, emit }) {
    const exponent = filled(b!);
    if (exponent === 1) return a;
    return exponent === 2 ? emit("mul", [a!, a!], {}) : undefined;
  },
  select({ inputs: [condition, a, b] }, { filled }) {
    const chosen = filled(condition!);
    if (chosen !== undefined) return chosen ? a : b;
    return a === b ? a : undefined;
  },
  convert: ({ inputs: [x], params: { dtype } }) => (x!.dtype === dtype ? x : undefined),
  and: ({ inputs: [a, b] }, rewriter) => conjunction(a!, b!, rewriter) ?? conjunction(b!, a!, rewriter),
  or: ({ inputs: [a, b] }, rewriter) => disjunction(a!, b!, rewriter) ?? disjunction(b!, a!, rewriter),
  reshape({ inputs: [x], params: { shape } }, { definition, filled, emit }) {
    if (sameShape(x!.shape, shape)) return x;
    const value = filled(x!);
    if (value !== undefined) return emit("full", [], { value, shape, dtype: x!.dtype });
    const inner = definition(x!, "reshape")?.inputs[0];
    return inner && emit("reshape", [inner], { shape });
  },
  transpose({ inputs: [x], params: { permutation }, outputs: [y] }, { definition, filled, emit }) {
    const value = filled(x!);
    if (value !== undefined) return emit("full", [], { value, shape: y!.shape, dtype: y!.dtype });
    if (movesNothing(x!, permutation)) return emit("reshape", [x!], { shape: y!.shape });
    const inner = definition(x!, "transpose");
    return (
      inner &&
      emit("transpose", inner.inputs, { permutation: permutation.map((axis) => inner.params.permutation[axis]!) })
    );
  },
  broadcast({ inputs: [x], params: { shape, axes } }, { definition, filled, emit }) {
    const value = filled(x!);
    if (value !== undefined) return emit("full", [], { value, shape, dtype: x!.dtype });
    if (sizeOf(shape) === sizeOf(x!.shape)) return emit("reshape", [x!], { shape });
    const inner = definition(x!, "broadcast");
    return inner && emit("broadcast", inner.inputs, { shape, axes: inner.params.axes.map((axis) => axes[axis]!) });
  },
  slice: ({ inputs: [x], outputs: [y] }) => (sameShape(x!.shape, y!.shape) ? x : undefined),
  pad: ({ inputs: [x], outputs: [y] }) => (sameShape(x!.shape, y!.shape) ? x : undefined),
  reverse: ({ inputs: [x], params: { axes } }) => (axes.every((axis) => x!.shape[axis]! <= 1) ? x : undefined),
  sum({ inputs: [x], params: { axes }, outputs: [y] }, { filled, emit }) {
    const { shape, dtype } = y!;
    if (filled(x!) === 0) return emit("full", [], { value: 0, shape, dtype });
    return axes.every((axis) => x!.shape[axis] === 1) ? emit("reshape", [x!], { shape }) : undefined;
  },
  dot({ inputs: [a, b], params: { transposeA, transposeB } }, rewriter) {
    const left = untransposed(a!, rewriter);
    const right = untransposed(b!, rewriter);
    if (left === undefined && right === undefined) return undefined;
    return rewriter.emit("dot", [left ?? a!, right ?? b!], {
      transposeA: transposeA !== (left !== undefined),
      transposeB: transposeB !== (right !== undefined),
    });
  },
};
