// A loop over the plan of its body: what is carried stays in place, slices move through their arrays.
import { byteSize, fail, sizeOf, type Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { forLoop } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import type { Plan, ScanKernel } from "../plan/kernel.ts";
import type { Place } from "../plan/layout.ts";
import type { Emitter } from "./emitter.ts";

const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * byteSize[dtype];

const setSlot = (emitter: Emitter, place: Place, pointer: Code): Code =>
  place.kind === "slot"
    ? i32.store(i32.const(emitter.slotAddress(place.slot)), pointer)
    : fail("backend wasm", "a loop slice has no slot.");

/** Code that runs a loop, in a function; `emitBody` writes that of a plan. */
export function emitScan(
  emitter: Emitter,
  plan: Plan,
  { node, operands, body }: ScanKernel,
  fn: FunctionBuilder,
  emitBody: (emitter: Emitter, body: Plan, fn: FunctionBuilder) => Code,
): Code {
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
  const index = fn.local("i32");
  const loop = forLoop({ index, start: 0, limit: length }, [emitBody(emitter, inner, fn), step]);
  fn.release(index);
  return [setup, loop];
}
