// An operand of a divided product as panels that all its pieces read, so that it is copied once and not by every piece.
import type { Operand, Plan } from "@hooke/plan";
import { byteSize, type NodeOf, type Value } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, local } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { addPack } from "../gemm/pack.ts";
import { block, layoutOf, panelStep } from "../gemm/problem.ts";
import { problemOf } from "../routines/dot.ts";
import { inPieces, piecesOf } from "./grain.ts";

/** An operand that lies in rows. */
export interface PanelSource {
  /** Where it begins. */
  readonly pointer: Code;
  readonly dtype: "f32" | "f64";
  /** Rows of A or columns of B, and how many of them a panel has. */
  readonly count: number;
  readonly width: number;
  /** Steps of k. */
  readonly k: number;
  /** Elements from one row of A, or column of B, to the next, and from one step of k to the next. */
  readonly across: number;
  readonly along: number;
}

export const panelBytes = ({ count, width, k, dtype }: PanelSource): number =>
  Math.ceil((k * panelStep(count, width, byteSize[dtype])) / 64) * 64;

/**
 * Code that copies an operand to memory that pieces share, and where it then is: blocks of `block.k` steps one after the other, in each of them the
 * panels side by side.
 *
 * @param before bytes of that memory that others have
 */
export function emitPanels(
  emitter: Emitter,
  fn: FunctionBuilder,
  source: PanelSource,
  before = 0,
): { readonly copy: Code; readonly panels: Code } {
  const panels = i32.add(emitter.partials(before + panelBytes(source)), i32.const(before));
  const { pointer, dtype, count, width, k, across, along } = source;
  const size = byteSize[dtype];
  const shape = { size, width, across: across * size, along: along * size };
  const pack = emitter.module.share(`panels ${JSON.stringify(shape)}`, () => addPack(emitter.module, shape));
  const part = (inside: FunctionBuilder, columns: number, first: Code): Code => {
    const step = inside.local("i32");
    const code = cover(inside, step, k, k, block.k, (depth) =>
      call(
        pack,
        plus(pointer, [first, across * size], [local.get(step), along * size]),
        plus(panels, [first, depth * size], [local.get(step), panelStep(count, width, size)]),
        i32.const(columns),
        i32.const(depth),
      ),
    );
    inside.release(step);
    return code;
  };
  // An element is read and written, a few lines at a time.
  const pieces = piecesOf(emitter, 4 * count * k * (size / 4), Math.ceil(count / width));
  const copy =
    pieces === 1
      ? part(fn, count, i32.const(0))
      : inPieces(emitter, count, Math.ceil(count / pieces / width) * width, part);
  return { copy, panels };
}

/** Code that copies to panels what products in the pieces of a loop read in every step, of which these products are told. */
export function emitPanelsOfLoop(emitter: Emitter, fn: FunctionBuilder, plan: Plan, shared: ReadonlySet<Value>): Code {
  let bytes = 0;
  return plan.kernels.map((kernel): Code => {
    if (kernel.kind !== "routine" || kernel.node.primitive !== "dot") return [];
    const { node, operands } = kernel;
    const [, b] = operands as [Operand, Operand];
    const problem = problemOf(node as NodeOf<"dot">);
    const { n, k, transposeB, dtype } = problem;
    const { strategy, swapped, tileColumns: width } = layoutOf(problem, emitter);
    if (!shared.has(b.root) || problem.batch || swapped || strategy === "dots" || strategy === "streamed") return [];
    const source: PanelSource = {
      ...{ pointer: emitter.operand(plan, b), dtype, count: n, width, k },
      ...(transposeB ? { across: k, along: 1 } : { across: 1, along: n }),
    };
    const { copy, panels } = emitPanels(emitter, fn, source, bytes);
    bytes += panelBytes(source);
    emitter.panels.set(node, { pointer: panels, width });
    return copy;
  });
}
