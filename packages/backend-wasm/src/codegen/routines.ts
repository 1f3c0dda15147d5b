// Which generator writes which routine.
import { type NodeOf, type PrimitiveName, sizeOf } from "@hooke/runtime";
import { call } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { RoutineKernel } from "../plan/kernel.ts";
import type { Plan } from "../plan/plan.ts";
import { emitConvolution } from "../routines/convolution.ts";
import { emitDot } from "../routines/dot.ts";
import { emitArgMax, emitGather, emitScatterAdd } from "../routines/indexing.ts";
import { emitPooling } from "../routines/pooling.ts";
import type { Routine } from "../routines/routine.ts";
import { emitCumsum } from "../routines/running.ts";
import { emitSort } from "../routines/sorting.ts";
import type { Emitter } from "./emitter.ts";

type Generator<K extends PrimitiveName> = { [P in K]: (routine: Routine<P>) => void };

const generators: Generator<
  | "dot"
  | "conv"
  | "convInputGradient"
  | "convKernelGradient"
  | "maxPool"
  | "maxPoolIndex"
  | "poolGather"
  | "poolScatter"
  | "sumPool"
  | "sumPoolTranspose"
  | "gather"
  | "scatterAdd"
  | "cumsum"
  | "sort"
  | "argSort"
  | "argMax"
  | "randomBits"
  | "foldKey"
> = {
  dot: emitDot,
  conv: emitConvolution,
  convInputGradient: emitConvolution,
  convKernelGradient: emitConvolution,
  maxPool: emitPooling,
  maxPoolIndex: emitPooling,
  poolGather: emitPooling,
  poolScatter: emitPooling,
  sumPool: emitPooling,
  sumPoolTranspose: emitPooling,
  gather: emitGather,
  scatterAdd: emitScatterAdd,
  cumsum: emitCumsum,
  sort: emitSort,
  argSort: emitSort,
  argMax: emitArgMax,
  randomBits: ({ emitter, node, operands, output, fn }) =>
    fn.emit(call(emitter.random.fill(), output, operands[0]!, i32.const(sizeOf(node.params.shape)))),
  foldKey: ({ emitter, operands, output, fn }) =>
    fn.emit(call(emitter.random.foldKey(), output, operands[0]!, i32.load(operands[1]!))),
};

export function emitRoutine(
  emitter: Emitter,
  plan: Plan,
  { node, operands }: RoutineKernel,
  fn: FunctionBuilder,
): void {
  const generate = generators[node.primitive as "dot"];
  generate({
    emitter,
    node: node as NodeOf<"dot">,
    operands: operands.map((operand) => emitter.operand(plan, operand)),
    output: emitter.output(plan, node.outputs[0]!),
    fn,
  });
}
