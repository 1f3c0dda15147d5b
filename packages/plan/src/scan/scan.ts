// The plans of loops' bodies: where what is carried, slices and what steps pass on lie.
import type { Value } from "@hooke/runtime";
import type { Target } from "../kernel.ts";
import type { Layout, Place } from "../layout.ts";
import type { PlanScan } from "../parts.ts";
import { bySlices } from "./slices.ts";

export const planScan: PlanScan = (kernel, layout, places, planProgram, { needs: _, ...parts }) => {
  const { node, operands, apart, blocks } = kernel;
  const { body, consts, carry } = node.params;
  const placeOf = (value: Value): Place => places.get(value)!;
  const slotIn = (memory: Layout): Place => memory.behind(memory.reserve(4), true);
  const slot = (): Place => slotIn(layout);
  const inOrder = { ...parts, dividing: undefined };
  if (blocks !== undefined) {
    const own = layout.part(true);
    const inputs = operands.map(({ root, offset }, i): Place => {
      if (i >= consts || blocks.body.inputs[i] !== body.inputs[i]) return slotIn(own);
      return offset === 0 ? placeOf(root) : slot();
    });
    const targets = blocks.body.outputs.map((_, i): Target => {
      const at = consts + i;
      return i < carry ? { place: inputs[at]!, donated: blocks.body.inputs[at]! } : { place: slotIn(own) };
    });
    kernel.body = { plan: planProgram(bySlices(blocks.body), own, inputs, targets, inOrder), inputs, targets };
    return;
  }
  const inputs = operands.map(({ root, offset }, i): Place => {
    if (i >= consts && i < consts + carry) return placeOf(node.outputs[i - consts]!);
    return i < consts && offset === 0 ? placeOf(root) : slot();
  });
  const carried = node.outputs
    .slice(0, carry)
    .map((output, i): Target => ({ place: placeOf(output), donated: body.inputs[consts + i]! }));
  if (apart === undefined) {
    const targets = [...carried, ...node.outputs.slice(carry).map((): Target => ({ place: slot() }))];
    kernel.body = { plan: planProgram(bySlices(body), layout, inputs, targets, parts), inputs, targets };
    return;
  }
  const own = layout.part(true);
  const ownInputs = inputs.map((place, i) => (i < consts + carry ? place : slotIn(own)));
  const ownTargets = apart.own.outputs.map((): Target => ({ place: slotIn(own) }));
  const plan = planProgram(bySlices(apart.own), own, ownInputs, ownTargets, inOrder);
  kernel.own = { plan, inputs: ownInputs, targets: ownTargets, first: slot() };
  const all = [...inputs, ...apart.passed.map(slot)];
  kernel.body = { plan: planProgram(apart.rest, layout, all, carried, inOrder), inputs: all, targets: carried };
};
