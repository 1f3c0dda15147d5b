// When each array of a plan is given back: after the last step that reads it.
import type { Held, Ref, Step } from "./step.ts";

/** The slot of a value. */
export const slotOf = (held: Held): number => (held.where === "host" ? held.slot : held.ref.slot);
const listOf = (inputs: Readonly<Record<string, Ref>> | readonly Ref[]): number[] =>
  Object.values(inputs).map(({ slot }: Ref) => slot);

/** Slots that a step reads and those that it fills. */
export function slotsOf(step: Step): { readonly reads: readonly number[]; readonly fills: readonly number[] } {
  switch (step.kind) {
    case "kernel":
      return { reads: listOf(step.call.inputs), fills: step.call.outputs.map(({ slot }) => slot) };
    case "host":
      return { reads: step.inputs, fills: step.outputs };
    case "upload":
      return { reads: [step.from], fills: [step.to.slot] };
    case "loop":
      return { reads: step.loop.inputs.map(slotOf), fills: step.loop.outputs.map(slotOf) };
  }
}

/** Fills in `release` of every step. Inputs and constants are not the steps' to give back; outputs stay. */
export function releaseSlots(steps: readonly Step[], outputs: readonly Held[]): void {
  const last = new Map<number, Step>();
  for (const step of steps) {
    const { reads, fills } = slotsOf(step);
    for (const slot of fills) last.set(slot, step);
    for (const slot of reads) if (last.has(slot)) last.set(slot, step);
  }
  for (const held of outputs) last.delete(slotOf(held));
  for (const [slot, step] of last) step.release.push(slot);
}
