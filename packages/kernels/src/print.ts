// A program, planned and printed.
import { type Kernel, Layout, type Place, type Plan, planProgram, type Target } from "@hooke/plan";
import { epiloguesOf } from "@hooke/plan/epilogues";
import { placeTightly } from "@hooke/plan/large";
import { planScan } from "@hooke/plan/scan";
import type { Program } from "@hooke/runtime";
import { platform } from "./platform.ts";
import type { Pointer } from "./pointer.ts";
import { Scratch, type Traits } from "./printer.ts";
import { printPlan, type Step } from "./program.ts";
import { products } from "./routines.ts";

/** A program in the language of a device. */
export interface Printed {
  /** What runs, in order. Its pointers are words behind the workspace, then inputs, then outputs. */
  readonly steps: readonly Step[];
  readonly plan: Plan;
  readonly layout: Layout;
  /** Of the workspace, with what kernels need for themselves, and of that alone. */
  readonly words: number;
  readonly scratch: number;
  /** How many launches each kernel has. */
  readonly launches: ReadonlyMap<Kernel, number>;
  /** Arrays to copy into the workspace once. */
  readonly constants: Layout["constants"];
}

/** @param donate the input that each output is written over, if any */
export function printProgram(traits: Traits, program: Program, donate: readonly (number | null)[] = []): Printed {
  const layout = new Layout(platform);
  const pointers = new Map<Place, Pointer>();
  const outside = (base: number): Place => {
    const place = layout.behind(0, false);
    pointers.set(place, { base, offset: 0, steps: [] });
    return place;
  };
  const inputs = program.inputs.map((_, i) => outside(1 + i));
  const targets = program.outputs.map((_, i): Target => {
    const input = donate[i];
    const place = outside(1 + program.inputs.length + i);
    return input === null || input === undefined ? { place } : { place, donated: program.inputs[input]! };
  });
  const plan = planProgram(program, layout, inputs, targets, {
    placeLarge: placeTightly,
    planScan,
    epilogues: epiloguesOf(products),
  });
  const room = new Scratch();
  const roomStart = layout.bytes / 4;
  const launches = new Map<Kernel, number>();
  const steps = printPlan({ traits, pointers, room, roomStart, launches }, plan);
  const words = roomStart + room.most;
  return { steps, plan, layout, words, scratch: room.most, launches, constants: layout.constants };
}
