// Which generator writes which routine. All but products and random numbers are loaded when a program first needs them.
import { type NodeOf, sizeOf } from "@hooke/runtime";
import { call } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { RoutineKernel } from "../plan/kernel.ts";
import type { Plan } from "../plan/plan.ts";
import { emitDot } from "../routines/dot.ts";
import type { Routine } from "../routines/routine.ts";
import type { Emitter } from "./emitter.ts";

type RoutineName =
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
  | "foldKey";

const convolution = async () => (await import("../routines/convolution.ts")).emitConvolution;
const pooling = async () => (await import("../routines/pooling.ts")).emitPooling;
const sorting = async () => (await import("../routines/sorting.ts")).emitSort;

/** How to get the generator of each routine. */
export const routineSources: { readonly [P in RoutineName]: () => Promise<(routine: Routine<P>) => void> } = {
  dot: async () => emitDot,
  conv: convolution,
  convInputGradient: convolution,
  convKernelGradient: convolution,
  maxPool: pooling,
  maxPoolIndex: pooling,
  poolGather: pooling,
  poolScatter: pooling,
  sumPool: pooling,
  sumPoolTranspose: pooling,
  gather: async () => (await import("../routines/indexing.ts")).emitGather,
  scatterAdd: async () => (await import("../routines/indexing.ts")).emitScatterAdd,
  cumsum: async () => (await import("../routines/running.ts")).emitCumsum,
  sort: sorting,
  argSort: sorting,
  argMax: async () => (await import("../routines/indexing.ts")).emitArgMax,
  randomBits:
    async () =>
    ({ emitter, node, operands, output, fn }) =>
      fn.emit(call(emitter.random.fill(), output, operands[0]!, i32.const(sizeOf(node.params.shape)))),
  foldKey:
    async () =>
    ({ emitter, operands, output, fn }) =>
      fn.emit(call(emitter.random.foldKey(), output, operands[0]!, i32.load(operands[1]!))),
};

/** A generator, whatever primitive it is for. */
export type RoutineGenerator = (routine: Routine<never>) => void;

export function emitRoutine(
  emitter: Emitter,
  plan: Plan,
  { node, operands }: RoutineKernel,
  fn: FunctionBuilder,
): void {
  const generate = emitter.generators.routines.get(node.primitive) as (routine: Routine<"dot">) => void;
  generate({
    emitter,
    node: node as NodeOf<"dot">,
    operands: operands.map((operand) => emitter.operand(plan, operand)),
    output: emitter.output(plan, node.outputs[0]!),
    fn,
  });
}
