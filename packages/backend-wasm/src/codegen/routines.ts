// Which generator writes which routine. All but products and random numbers are loaded when a program first needs them.
import type { NameOfKind, Plan, RoutineKernel } from "@hooke/plan";
import { type NodeOf, sizeOf } from "@hooke/runtime";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { addFill, addFoldKey } from "../random.ts";
import { emitDot } from "../routines/dot.ts";
import type { Routine } from "../routines/routine.ts";
import type { Emitter } from "./emitter.ts";

type RoutineName = NameOfKind<"routine">;

/** A generator, of the code of one primitive. */
type Generator<P extends RoutineName> = (routine: Routine<P>) => void;

/** Generators by primitive: those that a program needs. */
export type RoutineGenerators = { readonly [P in RoutineName]?: Generator<P> };

const convolution = async () => (await import("../routines/convolution/index.ts")).emitConvolution;
const packing = async () => (await import("../routines/packing.ts")).emitPacking;
const pooling = async () => (await import("../routines/pooling.ts")).emitPooling;
const sorting = async () => (await import("../routines/sorting.ts")).emitSort;

/** How to get the generator of each routine. */
export const routineSources: { readonly [P in RoutineName]: () => Promise<Generator<P>> } = {
  dot: async () => emitDot,
  cholesky: async () => (await import("../routines/factorization.ts")).emitCholesky,
  triangularSolve: async () => (await import("../routines/factorization.ts")).emitTriangularSolve,
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
  pack: packing,
  unpack: packing,
  randomBits:
    async () =>
    ({ emitter, node, operands, output, fn }) => {
      const fill = emitter.module.share("random bits", () => addFill(emitter.module));
      const words = sizeOf(node.params.shape);
      const part = (count: number, first: Code): Code =>
        call(fill, plus(output, [first, 4]), operands[0]!, i32.const(count), i32.shr_u(first, i32.const(1)));
      fn.emit(emitter.generators.large?.dividedWords(emitter, words, part) ?? part(words, i32.const(0)));
    },
  foldKey:
    async () =>
    ({ emitter, operands, output, fn }) =>
      fn.emit(
        call(
          emitter.module.share("random key", () => addFoldKey(emitter.module)),
          output,
          operands[0]!,
          i32.load(operands[1]!),
        ),
      ),
};

export function emitRoutine(
  emitter: Emitter,
  plan: Plan,
  { node, operands }: RoutineKernel,
  fn: FunctionBuilder,
): void {
  generate(emitter.generators.routines, node, {
    emitter,
    operands: operands.map((operand) => emitter.operand(plan, operand)),
    output: emitter.output(plan, node.outputs[0]!),
    fn,
  });
}

function generate<P extends RoutineName>(
  generators: RoutineGenerators,
  node: NodeOf<P>,
  rest: Omit<Routine<P>, "node">,
): void {
  generators[node.primitive]!({ ...rest, node });
}
