// Matrix products.
import { type NodeOf, sizeOf } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { call } from "../encoder/control.ts";
import { addGemm, type GemmOptions, gemmScratch } from "../gemm/gemm.ts";
import type { GemmProblem } from "../gemm/problem.ts";
import type { Routine } from "./routine.ts";

/** How products are written. */
const optionsOf = ({ relaxed, wide, generators: { large } }: Emitter): GemmOptions => ({ relaxed, wide, large });

/** Bytes of scratch memory that a product needs. */
export const productScratch = (emitter: Emitter, problem: GemmProblem): number =>
  gemmScratch(problem, optionsOf(emitter));

/** Code of one product; the function behind it is shared by all products of these sizes. */
export function product(emitter: Emitter, problem: GemmProblem, a: Code, b: Code, c: Code, scratch: Code): Code {
  const index = emitter.module.share(`gemm ${JSON.stringify(problem)}`, () =>
    addGemm(emitter.module, problem, optionsOf(emitter)),
  );
  return call(index, a, b, c, scratch);
}

/** Pointers of what a product reads and writes. */
export interface Operands {
  readonly a: Code;
  readonly b: Code;
  readonly c: Code;
}

/** Code of one product that has the scratch memory of its kernel to itself. */
export const inScratch = (emitter: Emitter, problem: GemmProblem, { a, b, c }: Operands): Code =>
  product(emitter, problem, a, b, c, emitter.scratch(productScratch(emitter, problem)));

/** What a node computes. */
export function problemOf(node: NodeOf<"dot">): GemmProblem {
  const { transposeA, transposeB } = node.params;
  const a = node.inputs[0]!;
  const shape = node.outputs[0]!.shape;
  const [m, n] = shape.slice(-2) as [number, number];
  const k = a.shape.at(transposeA ? -2 : -1)!;
  const count = sizeOf(shape.slice(0, -2));
  const batch = count === 1 ? {} : { batch: { count, strideA: m * k, strideB: k * n, strideC: m * n } };
  return { m, n, k, transposeA, transposeB, dtype: a.dtype as "f32" | "f64", ...batch };
}

export function emitDot({ emitter, node, operands, output, fn }: Routine<"dot">): void {
  if (sizeOf(node.outputs[0]!.shape) === 0) return;
  const panels = emitter.panels.get(node);
  const problem = { ...problemOf(node), ...(panels && { panelsB: panels.width }) };
  const places = { a: operands[0]!, b: panels?.pointer ?? operands[1]!, c: output };
  fn.emit(
    emitter.generators.large?.dividedProduct(emitter, fn, problem, places) ?? inScratch(emitter, problem, places),
  );
}
