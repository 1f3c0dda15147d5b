// An operand of a divided product as panels that all its pieces read, so that it is copied once and not by every piece.
import type { Kernel, Operand, Plan } from "@hooke/plan";
import { byteSize, type NodeOf, type Value } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, local } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { addPack } from "../gemm/pack.ts";
import { block, type Layout, layoutOf, panelStep } from "../gemm/problem.ts";
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

type Strategy = Layout["strategy"];

/**
 * Code that copies to panels what all pieces read of products, which are told of it.
 *
 * @param kernels of the pieces
 * @param parts in how many the rows of a product are
 * @param copies whether an operand is copied where products by that strategy read it
 */
function emitPanelsOf(
  emitter: Emitter,
  fn: FunctionBuilder,
  plan: Plan,
  kernels: readonly Kernel[],
  parts: number,
  copies: (strategy: Strategy, b: Value) => boolean,
): Code {
  let bytes = 0;
  return kernels.map((kernel): Code => {
    if (kernel.kind !== "routine" || kernel.node.primitive !== "dot") return [];
    const { node, operands } = kernel;
    const [, b] = operands as [Operand, Operand];
    const whole = problemOf(node as NodeOf<"dot">);
    if (whole.batch) return [];
    const problem = { ...whole, m: whole.m / parts };
    const { n, k, transposeB, dtype } = problem;
    const { strategy, swapped, tileColumns: width } = layoutOf(problem, emitter);
    if (swapped || !copies(strategy, b.root)) return [];
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

/** What products in the pieces of a loop read in every step. */
export const emitPanelsOfLoop = (emitter: Emitter, fn: FunctionBuilder, plan: Plan, shared: ReadonlySet<Value>): Code =>
  emitPanelsOf(
    emitter,
    fn,
    plan,
    plan.kernels,
    1,
    (strategy, b) => shared.has(b) && strategy !== "dots" && strategy !== "streamed",
  );

/** What products in blocks would copy in each. */
export const emitPanelsOfBlocks = (
  emitter: Emitter,
  fn: FunctionBuilder,
  plan: Plan,
  kernels: readonly Kernel[],
  blocks: number,
): Code =>
  emitPanelsOf(emitter, fn, plan, kernels, blocks, (strategy) => strategy === "blocked" || strategy === "packed");
