// A loop over the plan of its body: what is carried stays in place, slices move through their arrays. What steps compute apart from each
// other is pieces, of some steps at a time; what waits for the step before follows.
import type { Blocks, Place, Plan, ScanKernel } from "@hooke/plan";
import { byteSize, sizeOf, type Value } from "@hooke/runtime";
import { least, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import type { Emitter } from "./emitter.ts";

export { planScan } from "@hooke/plan/scan";

const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * byteSize[dtype];

/** Writes the code of a plan into a function. */
type EmitBody = (emitter: Emitter, body: Plan, fn: FunctionBuilder) => Code;

/** An array behind a slot, of which every step has a part. */
interface Slice {
  readonly place: Place;
  /** Where the array begins. */
  readonly array: Code;
  /** Of a part. */
  readonly bytes: number;
}

/** Code that runs a loop, in a function; `emitBody` writes that of a plan. */
export function emitScan(
  emitter: Emitter,
  plan: Plan,
  kernel: ScanKernel,
  fn: FunctionBuilder,
  emitBody: EmitBody,
): Code {
  if (kernel.blocks !== undefined) return emitBlocks(emitter, plan, kernel, kernel.blocks, fn, emitBody);
  const { node, operands, apart } = kernel;
  const { consts, carry, length, reverse, body: program } = node.params;
  const { plan: inner, inputs, targets } = kernel.body!;
  const setup = operands.slice(0, consts + carry).map((operand, i): Code => {
    const [place, pointer] = [inputs[i]!, emitter.operand(plan, operand)];
    if (i >= consts) return memory.copy(emitter.pointer(place), pointer, i32.const(bytesOf(program.inputs[i]!)));
    return place.kind === "slot" && operand.offset !== 0 ? emitter.setSlot(place, pointer) : [];
  });
  if (length === 0) return setup;
  /** The slices of a body, whose places are listed as inputs and outputs of the loop are. */
  const slicesOf = (read: readonly Place[], written: readonly Place[]): Slice[] => [
    ...read.map((place, i): Slice => {
      const at = consts + carry + i;
      return { place, array: emitter.operand(plan, operands[at]!), bytes: bytesOf(program.inputs[at]!) };
    }),
    ...written.map((place, i): Slice => {
      const output = node.outputs[carry + i]!;
      return { place, array: emitter.output(plan, output), bytes: bytesOf(output) / length };
    }),
  ];
  const ofStep = (index: Code): Code => (reverse ? i32.sub(i32.const(length - 1), index) : index);
  const sliced = slicesOf(
    inputs.slice(consts + carry, operands.length),
    targets.slice(carry).map(({ place }) => place),
  );
  const begin = sliced.map((slice) => point(emitter, slice, ofStep(i32.const(0))));
  const onward = sliced.map((slice) => move(emitter, slice, reverse ? -1 : 1));
  const index = fn.local("i32");
  const run = (limit: number | Code, then: Code): Code =>
    forLoop({ index, start: 0, limit }, [emitBody(emitter, inner, fn), onward, then]);
  if (apart === undefined) {
    const code = [setup, begin, run(length, [])];
    fn.release(index);
    return code;
  }
  const { plan: body, inputs: read, targets: written, first } = kernel.own!;
  const passed = (places: readonly Place[]): Slice[] =>
    apart.passed.map((value, i) => ({
      place: places[i]!,
      array: emitter.output(plan, value),
      bytes: bytesOf(value) / apart.steps,
    }));
  const [own, rest] = [passed(written.map(({ place }) => place)), passed(inputs.slice(operands.length))];
  const step = emitter.module.addFunction(["i32", "i32"]);
  const piece = local.get(1);
  const slices = slicesOf(
    read.slice(consts + carry),
    written.slice(own.length).map(({ place }) => place),
  );
  emitter.inPiece(true, () =>
    step.emit(
      slices.map((slice) => point(emitter, slice, ofStep(i32.add(emitter.pointer(first), piece)))),
      own.map((slice) => point(emitter, slice, piece)),
      emitBody(emitter, body, step),
    ),
  );
  step.seal();
  const from = fn.ownLocal("i32");
  const count = least(i32.sub(i32.const(length), local.get(from)), i32.const(apart.steps));
  const code = forLoop({ index: from, start: 0, limit: length, step: apart.steps }, [
    emitter.setSlot(first, local.get(from)),
    emitter.pieces(count, (fn, number) => fn.emit(call(step.index, emitter.threadMemory(), number)), kernel.own),
    rest.map((slice) => point(emitter, slice, i32.const(0))),
    run(
      count,
      rest.map((slice) => move(emitter, slice, 1)),
    ),
  ]);
  fn.release(index);
  return [setup, begin, code];
}

/** Code that runs a loop in blocks of rows, which are pieces: each goes through all steps in memory of its thread. */
function emitBlocks(
  emitter: Emitter,
  plan: Plan,
  { node, operands, body }: ScanKernel,
  { count, body: program }: Blocks,
  fn: FunctionBuilder,
  emitBody: EmitBody,
): Code {
  const { consts, carry, length, reverse, body: whole } = node.params;
  const { plan: inner, inputs, targets } = body!;
  const block = emitter.module.addFunction(["i32", "i32"]);
  const index = block.local("i32");
  const inBlock = (array: Code, part: Value): Code => plus(array, [local.get(1), bytesOf(part)]);
  const inputIn = (i: number): Code => {
    const [array, part] = [emitter.operand(plan, operands[i]!), program.inputs[i]!];
    return part === whole.inputs[i] ? array : inBlock(array, part);
  };
  const outputIn = (i: number): Code => inBlock(emitter.output(plan, node.outputs[i]!), program.outputs[i]!);
  const [shared, begin]: [Code[], Code[]] = [[], []];
  for (const [i, place] of inputs.slice(0, consts).entries()) {
    if (place.own) begin.push(emitter.setSlot(place, inputIn(i)));
    else if (operands[i]!.offset !== 0) shared.push(emitter.setSlot(place, inputIn(i)));
  }
  for (const [i, { place }] of targets.slice(0, carry).entries()) {
    const bytes = i32.const(bytesOf(program.outputs[i]!));
    begin.push(emitter.setSlot(place, outputIn(i)), memory.copy(emitter.pointer(place), inputIn(consts + i), bytes));
  }
  const slices = [
    ...inputs.slice(consts + carry).map((place, i): Slice => {
      const at = consts + carry + i;
      return { place, array: inputIn(at), bytes: bytesOf(whole.inputs[at]!) };
    }),
    ...targets
      .slice(carry)
      .map(({ place }, i): Slice => ({ place, array: outputIn(carry + i), bytes: bytesOf(whole.outputs[carry + i]!) })),
  ];
  const first = i32.const(reverse ? length - 1 : 0);
  const read = new Set(program.inputs.slice(0, consts).filter((_, i) => !inputs[i]!.own));
  const panels = emitter.generators.large!.emitPanelsOfLoop(emitter, fn, inner, read);
  emitter.inPiece(true, () =>
    block.emit(
      begin,
      slices.map((slice) => point(emitter, slice, first)),
      forLoop({ index, start: 0, limit: length }, [
        emitBody(emitter, inner, block),
        slices.map((slice) => move(emitter, slice, reverse ? -1 : 1)),
      ]),
    ),
  );
  block.seal();
  return [
    shared,
    panels,
    emitter.pieces(count, (fn, number) => fn.emit(call(block.index, emitter.threadMemory(), number)), body),
  ];
}

/** Has a slot point to the part of a step. */
const point = (emitter: Emitter, { place, array, bytes }: Slice, step: Code): Code =>
  emitter.setSlot(place, plus(array, [step, bytes]));

/** Has a slot point to another step's part. */
const move = (emitter: Emitter, { place, bytes }: Slice, steps: 1 | -1): Code =>
  emitter.setSlot(place, i32.add(emitter.pointer(place), i32.const(steps * bytes)));
