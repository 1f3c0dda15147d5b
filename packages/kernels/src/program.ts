// A whole plan as launches: each kernel one or several, bodies of loops repeated when the program runs.
import type { FinalCopy, Kernel, Place, Plan, ScanKernel } from "@hooke/plan";
import { labelOf } from "@hooke/plan/explain";
import { sizeOf } from "@hooke/runtime";
import { behind, moving, type Pointer } from "./pointer.ts";
import { printPointwise } from "./pointwise.ts";
import { Printer, type Scratch, type Traits } from "./printer.ts";
import { printReduction } from "./reduction.ts";
import { printRoutine } from "./routines.ts";
import type { Launch } from "./text.ts";

/** What is repeated. */
export interface Repeated {
  readonly length: number;
  /** From the last step to the first. */
  readonly reverse: boolean;
  readonly steps: readonly Step[];
}

export type Step = Launch | Repeated;

/** All launches of steps, in order, those of loops once. */
export const launchesOf = (steps: readonly Step[]): Launch[] =>
  steps.flatMap((step) => ("steps" in step ? launchesOf(step.steps) : [step]));

/** How many launches a run makes. */
export const countLaunches = (steps: readonly Step[]): number =>
  steps.reduce((sum, step) => sum + ("steps" in step ? step.length * countLaunches(step.steps) : 1), 0);

/** How whole programs are printed. */
export interface Printing {
  readonly traits: Traits;
  /** Pointers of places that are not in the workspace. */
  readonly pointers: Map<Place, Pointer>;
  readonly room: Scratch;
  /** Where the workspace ends, and what kernels need for themselves begins, in words. */
  readonly roomStart: number;
  /** Filled in: how many launches each kernel has. */
  readonly launches: Map<Kernel, number>;
}

/** @param levels loops around the plan */
export function printPlan(printing: Printing, plan: Plan, levels = 0): Step[] {
  const { traits, pointers, room, roomStart } = printing;
  const printer = new Printer(traits, plan, pointers, levels, room, roomStart);
  const kernels = plan.kernels.flatMap((kernel): Step[] => {
    room.begin();
    const steps = printKernel(printing, printer, plan, kernel);
    printing.launches.set(kernel, steps.length);
    return steps;
  });
  return [...printCopies(printer, plan, true), ...kernels, ...printCopies(printer, plan, false)];
}

function printKernel(printing: Printing, printer: Printer, plan: Plan, kernel: Kernel): Step[] {
  const label = labelOf(kernel);
  switch (kernel.kind) {
    case "pointwise":
      return printPointwise(printer, plan, kernel, label);
    case "reduction":
      return printReduction(printer, plan, kernel, label);
    case "routine":
      return printRoutine(printer, plan, kernel, label);
    case "scan":
      return printScan(printing, printer, kernel, label);
  }
}

/** Launches that copy what could not be computed in its place, before kernels or after them; what may be overwritten passes through a stage. */
function printCopies(printer: Printer, { copies, places }: Plan, first: boolean): Launch[] {
  const own = copies.filter((copy) => copy.first === first);
  const source = ({ from }: FinalCopy): Pointer => behind(printer.at(places.get(from.root)!), from.offset);
  const count = ({ bytes }: FinalCopy): number => bytes / 4;
  const stages = own.flatMap((copy) =>
    copy.stage === undefined ? [] : printCopy(printer, source(copy), printer.at(copy.stage), count(copy), "stage"),
  );
  const final = own.flatMap((copy) => {
    const from = copy.stage === undefined ? source(copy) : printer.at(copy.stage);
    return printCopy(printer, from, printer.at(copy.to), count(copy), "output");
  });
  return [...stages, ...final];
}

function printCopy(printer: Printer, from: Pointer, to: Pointer, count: number, what: string): Launch[] {
  if (count === 0) return [];
  const text = printer.text();
  text.add(`memory[${text.pointer(to)} + index] = memory[${text.pointer(from)} + index];`);
  return [text.launch(`copy ${what}`, count)];
}

/** A loop: what is carried is put in its place first, slices move with the step. */
function printScan(printing: Printing, printer: Printer, kernel: ScanKernel, label: string): Step[] {
  const { node, operands } = kernel;
  const { consts, carry, length, reverse, body: program } = node.params;
  const { plan: body, inputs, targets } = kernel.body!;
  const { pointers } = printing;
  const level = printer.levels;
  const setup = operands.slice(consts, consts + carry).flatMap((operand, i): Launch[] => {
    const count = sizeOf(program.inputs[consts + i]!.shape);
    return printCopy(printer, printer.operand(operand), printer.at(inputs[consts + i]!), count, `to ${label}`);
  });
  if (length === 0) return setup;
  for (const [i, place] of inputs.entries()) {
    const pointer = printer.operand(operands[i]!);
    if (i < consts && place.kind === "slot" && !pointers.has(place)) pointers.set(place, pointer);
    if (i >= consts + carry) pointers.set(place, moving(pointer, level, sizeOf(program.inputs[i]!.shape)));
  }
  for (const [i, { place }] of targets.entries()) {
    if (i < carry) continue;
    const words = sizeOf(program.outputs[i]!.shape);
    pointers.set(place, moving(printer.root(node.outputs[i]!), level, words));
  }
  return [...setup, { length, reverse, steps: printPlan(printing, body, level + 1) }];
}
