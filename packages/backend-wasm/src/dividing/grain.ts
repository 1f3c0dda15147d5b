// How kernels are divided: into which pieces follows from shapes alone, so that results do not depend on threads.
import type { ReductionKernel } from "@hooke/plan";
import type { PrimitiveName } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { mathSources } from "../math/functions.ts";

/** The work of a kernel that is divided, in multiplications with addition of f32: 20 microseconds. Threads take less than one to meet. */
export const worthwhile = 2 ** 19;
/** The work of a piece at least: claiming it takes a tenth of a microsecond. */
export const smallest = 2 ** 16;

/** Pieces of a kernel at most. Powers of two are the same number for every thread of two, four or eight. */
const mostPieces = 16;

/** How finely kernels are divided, and whether they are at all: see `Emitter`. */
export type Grain = Pick<Emitter, "fineness" | "whole">;

/**
 * Into how many pieces work is divided: 1 where it is not worth it.
 *
 * @param parts what it consists of, such as rows
 * @param fewest parts that a piece has at least
 */
export function piecesOf({ fineness, whole }: Grain, work: number, parts: number, fewest = 1): number {
  if (whole || work < worthwhile * fineness) return 1;
  const most = Math.floor(parts / Math.max(1, Math.ceil(fewest * fineness)));
  const count = Math.min(mostPieces, Math.floor(work / (smallest * fineness)), most);
  return 2 ** Math.floor(Math.log2(Math.max(1, count)));
}

/**
 * Code that computes `total` parts in pieces of `each`, and a last one of what is left.
 *
 * @param code of a piece in its function, given how many parts it has, the first of them and its number
 */
export function inPieces(
  emitter: Emitter,
  total: number,
  each: number,
  code: (fn: FunctionBuilder, count: number, first: Code, piece: Code) => Code,
): Code {
  const last = Math.ceil(total / each) - 1;
  const rest = total - last * each;
  return emitter.pieces(last + 1, (fn, piece) => {
    const first = i32.mul(piece, i32.const(each));
    const whole = code(fn, each, first, piece);
    fn.emit(rest === each ? whole : when(i32.eq(piece, i32.const(last)), code(fn, rest, first, piece), whole));
  });
}

/** What a node computes, against a multiplication with addition. The larger of two floats takes many instructions, so that NaN stays. */
function workOfNode(primitive: PrimitiveName): number {
  if (primitive in mathSources) return 25;
  return /^(max|min)/.test(primitive) ? 8 : 3;
}

/** The work of a loop over elements: the arrays that it reads and writes, and what it computes. */
export function elementwiseWork(
  elements: number,
  lanes: number,
  arrays: number,
  nodes: readonly { readonly primitive: PrimitiveName }[],
): number {
  const each = nodes.reduce((sum, { primitive }) => sum + workOfNode(primitive), 3 * arrays);
  return elements * each * (4 / lanes);
}

/** What a reduction computes for each element: the addition of a sum takes no longer than reading does. */
export const reducedNodes = ({ node, nodes }: ReductionKernel): readonly { readonly primitive: PrimitiveName }[] =>
  node.primitive === "sum" ? nodes : [...nodes, node];
