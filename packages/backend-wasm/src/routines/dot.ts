// Matrix products. Large ones are divided: by the products of a batch, by rows, or along k, whose partial sums are added in their order.
import { byteSize, sizeOf } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import { inPieces, piecesOf } from "../codegen/grain.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { addGemm, gemmScratch } from "../gemm/gemm.ts";
import { type GemmProblem, layoutOf } from "../gemm/problem.ts";
import { combinePartials, partialStride } from "./partials.ts";
import type { Routine } from "./routine.ts";

/** Code of one product; the function behind it is shared by all products of these sizes. */
export function product(emitter: Emitter, problem: GemmProblem, a: Code, b: Code, c: Code, scratch: Code): Code {
  const index = emitter.module.share(`gemm ${JSON.stringify(problem)}`, () =>
    addGemm(emitter.module, problem, { relaxed: emitter.relaxed }),
  );
  return call(index, a, b, c, scratch);
}

/** Rows of a piece at least: every piece copies B where that is worth a copy. */
const fewestRows = 64;
/** Steps of k of a piece at least. */
const fewestSteps = 128;

/** A product, and the operands that lie whole in memory. */
interface Operands {
  readonly a: Code;
  readonly b: Code;
  readonly c: Code;
}

export function emitDot({ emitter, node, operands, output, fn }: Routine<"dot">): void {
  const { transposeA, transposeB } = node.params;
  const a = node.inputs[0]!;
  const shape = node.outputs[0]!.shape;
  const [m, n] = shape.slice(-2) as [number, number];
  const k = a.shape.at(transposeA ? -2 : -1)!;
  const count = sizeOf(shape.slice(0, -2));
  if (m === 0 || n === 0 || count === 0) return;
  const batch = count === 1 ? {} : { batch: { count, strideA: m * k, strideB: k * n, strideC: m * n } };
  const problem: GemmProblem = { m, n, k, transposeA, transposeB, dtype: a.dtype as "f32" | "f64", ...batch };
  fn.emit(divided(emitter, fn, problem, { a: operands[0]!, b: operands[1]!, c: output }));
}

function divided(emitter: Emitter, fn: FunctionBuilder, problem: GemmProblem, { a, b, c }: Operands): Code {
  const { m, n, k, transposeA, batch, dtype } = problem;
  const size = byteSize[dtype];
  const count = batch?.count ?? 1;
  const work = count * m * n * k * (size / 4);
  const one = (part: GemmProblem, a: Code, b: Code, c: Code): Code =>
    product(emitter, part, a, b, c, emitter.scratch(gemmScratch(part)));
  const whole = one(problem, a, b, c);
  if (batch !== undefined) {
    const pieces = piecesOf(emitter, work, count);
    if (pieces === 1) return whole;
    return inPieces(emitter, count, Math.ceil(count / pieces), (_fn, products, first) =>
      one(
        { ...problem, batch: { ...batch, count: products } },
        plus(a, [first, m * k * size]),
        plus(b, [first, k * n * size]),
        plus(c, [first, m * n * size]),
      ),
    );
  }
  const byRows = piecesOf(emitter, work, m, fewestRows);
  if (byRows > 1) {
    const { tileRows, tileColumns, swapped } = layoutOf(problem);
    const unit = swapped ? tileColumns : tileRows;
    const leadingA = transposeA ? m : k;
    return inPieces(emitter, m, Math.ceil(m / byRows / unit) * unit, (_fn, rows, first) =>
      one(
        { ...problem, m: rows, leadingA },
        plus(a, [first, (transposeA ? 1 : k) * size]),
        b,
        plus(c, [first, n * size]),
      ),
    );
  }
  const along = piecesOf(emitter, work, k, fewestSteps);
  return along === 1 ? whole : alongSteps(emitter, fn, problem, { a, b, c }, Math.ceil(k / along));
}

/** Pieces of so many steps along k: each leaves a partial product, and these are added up. */
function alongSteps(
  emitter: Emitter,
  fn: FunctionBuilder,
  problem: GemmProblem,
  { a, b, c }: Operands,
  steps: number,
): Code {
  const { m, n, k, transposeA, transposeB, dtype } = problem;
  const size = byteSize[dtype];
  const stride = partialStride(m * n * size);
  const count = Math.ceil(k / steps);
  const partials = emitter.partials(count * stride);
  const leading = { leadingA: transposeA ? m : k, leadingB: transposeB ? k : n };
  const parts = inPieces(emitter, k, steps, (_fn, depth, first, piece) => {
    const part = { ...problem, ...leading, k: depth };
    return product(
      emitter,
      part,
      plus(a, [first, (transposeA ? m : 1) * size]),
      plus(b, [first, (transposeB ? 1 : n) * size]),
      plus(partials, [piece, stride]),
      emitter.scratch(gemmScratch(part)),
    );
  });
  return [parts, combinePartials(emitter, fn, { dtype, bytes: m * n * size, count: m * n, pieces: count }, c)];
}
