// A whole plan as code: each kernel a function, called in order; loops over bodies in place (`scan.ts`).
import type { Kernel, Plan, ScanKernel } from "@hooke/plan";
import { byteSize, type Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { call, local, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import { type Emitter, ownMemory } from "./emitter.ts";
import { emitPointwise } from "./pointwise.ts";
import { emitReduction } from "./reduction.ts";
import { emitRoutine } from "./routines.ts";

/** Functions have at most this many steps: compilers take more than linear time for a long one. */
const mostSteps = 500;

/** Writes a step into a function. */
type Step = (fn: FunctionBuilder) => Code;

/** Code that runs a plan, for the function `main`. */
export function emitPlan(emitter: Emitter, plan: Plan, main: FunctionBuilder): Code {
  const stages = Map.groupBy(plan.kernels.keys(), (i) => plan.stages[i] ?? i);
  const write = (stage: number, members: readonly number[], fn: FunctionBuilder): Code => {
    const own = members.map((i) => plan.kernels[i]!);
    const [first] = own as [Kernel];
    const blocks = plan.blocks.get(stage);
    if (blocks !== undefined && !emitter.whole)
      return emitter.generators.large!.emitBlocks(emitter, fn, plan, own, blocks, emitKernel);
    if (first.kind === "scan") {
      return [emitter.generators.scan!.emitScan(emitter, plan, first, fn, emitPlan), emitter.after(first)];
    }
    const code = own.map((kernel) =>
      emitCall(emitter, plan, kernel as typeof first, own.length > 1 && blocks === undefined),
    );
    return own.length === 1 || blocks !== undefined
      ? code
      : emitter.pieces(own.length, (fn, piece) => fn.emit(oneOf(piece, code)), own);
  };
  const kernels = [...stages].map(
    ([stage, members]) =>
      (fn: FunctionBuilder): Code =>
        emitter.rooms ? emitter.rooms.inStage(stage, () => write(stage, members, fn)) : write(stage, members, fn),
  );
  const [before, after] = [true, false].map((first) => emitCopies(emitter, plan, first)) as [Step[], Step[]];
  return emitSteps(emitter, plan, [...before, ...kernels, ...after], main);
}

/** A call of the function of a kernel. */
function emitCall(emitter: Emitter, plan: Plan, kernel: Exclude<Kernel, ScanKernel>, whole: boolean): Code {
  const write = (within: Plan, parameters = 0): FunctionBuilder => {
    const fn = addStep(emitter, plan, parameters);
    emitter.kernels.set(fn.index, kernel);
    emitter.inPiece(whole, () => emitKernel(emitter, within, kernel, fn));
    if (!fn.isEmpty) fn.seal();
    return fn;
  };
  const shared = whole ? undefined : emitter.alike?.call(emitter, plan, kernel, write);
  if (shared !== undefined) return [shared, emitter.after(kernel)];
  const fn = write(plan);
  return fn.isEmpty ? [] : [callStep(plan, fn), emitter.after(kernel)];
}

/** A function that computes a part of a plan; the address of the thread's own memory is passed on where the plan needs it. */
const addStep = ({ module }: Emitter, { own }: Plan, parameters = 0): FunctionBuilder =>
  module.addFunction(new Array<"i32">(own ? 1 : parameters).fill("i32"));
const callStep = ({ own }: Plan, { index }: FunctionBuilder): Code => call(index, own ? local.get(ownMemory) : []);

/** The code of a number. */
const oneOf = (index: Code, codes: readonly Code[]): Code =>
  codes.map((code, i) => when(i32.eq(index, i32.const(i)), code));

/** Steps one after the other, in functions of their own where they are many. */
function emitSteps(emitter: Emitter, plan: Plan, steps: readonly Step[], main: FunctionBuilder): Code {
  if (steps.length <= mostSteps) return steps.map((step) => step(main));
  const parts: Code[] = [];
  for (let from = 0; from < steps.length; from += mostSteps) {
    const part = addStep(emitter, plan);
    for (const step of steps.slice(from, from + mostSteps)) part.emit(step(part));
    part.seal();
    parts.push(callStep(plan, part));
  }
  return parts;
}

/** Writes the code of a kernel, or of its part of a block, into a function. */
export type EmitKernel = typeof emitKernel;

function emitKernel(emitter: Emitter, plan: Plan, kernel: Exclude<Kernel, ScanKernel>, fn: FunctionBuilder): void {
  switch (kernel.kind) {
    case "pointwise":
      emitPointwise(emitter, plan, kernel, fn);
      break;
    case "reduction":
      emitReduction(emitter, plan, kernel, fn);
      break;
    case "routine":
      emitRoutine(emitter, plan, kernel, fn);
      break;
    default:
      kernel satisfies never;
  }
}

/** Outputs that could not be computed in place, of those before kernels or after them; those whose source may be overwritten pass through a stage. */
function emitCopies(emitter: Emitter, { copies: all, places }: Plan, first: boolean): Step[] {
  const copies = all.filter((copy) => copy.first === first);
  const source = (root: Value, offset: number): Code =>
    emitter.pointer(places.get(root)!, offset * byteSize[root.dtype]);
  const staged = copies.map((copy) => (): Code => {
    const { from, bytes, stage } = copy;
    if (stage === undefined) return [];
    return [memory.copy(emitter.pointer(stage), source(from.root, from.offset), i32.const(bytes)), emitter.after(copy)];
  });
  const final = copies.map((copy) => (): Code => {
    const { from, bytes, to, stage } = copy;
    const start = stage ? emitter.pointer(stage) : source(from.root, from.offset);
    return [memory.copy(emitter.pointer(to), start, i32.const(bytes)), emitter.after(copy)];
  });
  return [...staged, ...final];
}
