// A whole plan as code: each kernel a function, called in order; loops over bodies in place.
import { byteSize, fail, sizeOf, type Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { call, forLoop } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import type { Kernel, Plan, ScanKernel } from "../plan/kernel.ts";
import type { Place } from "../plan/layout.ts";
import type { Emitter } from "./emitter.ts";
import { emitPointwise } from "./pointwise.ts";
import { emitReduction } from "./reduction.ts";
import { emitRoutine } from "./routines.ts";

const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * byteSize[dtype];

/** Functions have at most this many steps: compilers take more than linear time for a long one. */
const mostSteps = 500;

/** Code that runs a plan, for the function `main`. */
export function emitPlan(emitter: Emitter, plan: Plan, main: FunctionBuilder): Code {
  const kernels = plan.kernels.map((kernel) => (fn: FunctionBuilder): Code => {
    if (kernel.kind === "scan") return emitScan(emitter, plan, kernel, fn);
    const own = emitter.module.addFunction([]);
    emitter.kernels.set(own.index, kernel);
    emitKernel(emitter, plan, kernel, own);
    if (own.isEmpty) return [];
    own.seal();
    return call(own.index);
  });
  return emitSteps(emitter, [...kernels, ...emitCopies(emitter, plan)], main);
}

/** Steps one after the other, in functions of their own where they are many. */
function emitSteps(emitter: Emitter, steps: readonly ((fn: FunctionBuilder) => Code)[], main: FunctionBuilder): Code {
  if (steps.length <= mostSteps) return steps.map((step) => step(main));
  const parts: Code[] = [];
  for (let from = 0; from < steps.length; from += mostSteps) {
    const part = emitter.module.addFunction([]);
    for (const step of steps.slice(from, from + mostSteps)) part.emit(step(part));
    part.seal();
    parts.push(call(part.index));
  }
  return parts;
}

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

/** Outputs that could not be computed in place; those whose source may be overwritten pass through a stage. */
function emitCopies(emitter: Emitter, { copies, places }: Plan): (() => Code)[] {
  const source = (root: Value, offset: number): Code =>
    emitter.pointer(places.get(root)!, offset * byteSize[root.dtype]);
  const staged = copies.map(
    ({ from, bytes, stage }) =>
      (): Code =>
        stage === undefined
          ? []
          : memory.copy(emitter.pointer(stage), source(from.root, from.offset), i32.const(bytes)),
  );
  const final = copies.map(
    ({ from, bytes, to, stage }) =>
      (): Code =>
        memory.copy(
          emitter.pointer(to),
          stage ? emitter.pointer(stage) : source(from.root, from.offset),
          i32.const(bytes),
        ),
  );
  return [...staged, ...final];
}

const setSlot = (emitter: Emitter, place: Place, pointer: Code): Code =>
  place.kind === "slot"
    ? i32.store(i32.const(emitter.slotAddress(place.slot)), pointer)
    : fail("backend wasm", "a loop slice has no slot.");

function emitScan(emitter: Emitter, plan: Plan, { node, operands, body }: ScanKernel, main: FunctionBuilder): Code {
  const { consts, carry, length, reverse, body: program } = node.params;
  const { plan: inner, inputs, targets } = body!;
  const pointers = operands.map((operand) => emitter.operand(plan, operand));
  const setup: Code[] = [];
  const slices: { place: Place; bytes: number }[] = [];
  const slice = (place: Place, start: Code, bytes: number): void => {
    setup.push(setSlot(emitter, place, reverse ? i32.add(start, i32.const((length - 1) * bytes)) : start));
    slices.push({ place, bytes });
  };
  for (const [i, operand] of operands.entries()) {
    const place = inputs[i]!;
    if (i < consts) {
      if (place.kind === "slot" && operand.offset !== 0) setup.push(setSlot(emitter, place, pointers[i]!));
    } else if (i < consts + carry) {
      setup.push(memory.copy(emitter.pointer(place), pointers[i]!, i32.const(bytesOf(program.inputs[i]!))));
    } else slice(place, pointers[i]!, bytesOf(program.inputs[i]!));
  }
  for (const [i, target] of targets.entries()) {
    if (i >= carry) slice(target.place, emitter.output(plan, node.outputs[i]!), bytesOf(program.outputs[i]!));
  }
  if (length === 0) return setup;
  const step = slices.map(({ place, bytes }) =>
    setSlot(emitter, place, i32.add(emitter.pointer(place), i32.const(reverse ? -bytes : bytes))),
  );
  const index = main.local("i32");
  const loop = forLoop({ index, start: 0, limit: length }, [emitPlan(emitter, inner, main), step]);
  main.release(index);
  return [setup, loop];
}
