// What images hold at each point, and what becomes of it when the image is turned: components change places and signs.
import { composed, type Motion, motionsOf, orderOf, type SymmetryGroup } from "./motions.ts";

/**
 * - `"scalar"`: one number, such as a phase or a density.
 * - `"vector"`: a component along the rows' axis and one along the columns', each in the direction of growing indices, such as a displacement.
 * - `"tensor"`: a symmetric one, such as a stress: 00, 11 and 01 of these axes.
 * - `"regular"`: one number for each motion of the group, of which a motion makes a permutation.
 */
export type FieldKind = "scalar" | "vector" | "tensor" | "regular";

export const fieldKinds: readonly FieldKind[] = ["scalar", "vector", "tensor", "regular"];

/** How many numbers a field has at a point. Channels hold the first component of all fields, then the second of all. */
export const componentsOf = (field: FieldKind, group: SymmetryGroup): number =>
  field === "regular" ? orderOf(group) : { scalar: 1, vector: 2, tensor: 3 }[field];

/** New component `i` is `signs[i]` times the old one at `from[i]`. */
export interface Action {
  readonly from: readonly number[];
  readonly signs: readonly number[];
}

const nothing: Record<Exclude<FieldKind, "regular">, Action> = {
  scalar: { from: [0], signs: [1] },
  vector: { from: [0, 1], signs: [1, 1] },
  tensor: { from: [0, 1, 2], signs: [1, 1, 1] },
};
/** The mirror image along the last axis, and a turn counterclockwise, where rows grow downwards. */
const mirror: typeof nothing = {
  scalar: nothing.scalar,
  vector: { from: [0, 1], signs: [1, -1] },
  tensor: { from: [0, 1, 2], signs: [1, 1, -1] },
};
const turn: typeof nothing = {
  scalar: nothing.scalar,
  vector: { from: [1, 0], signs: [-1, 1] },
  tensor: { from: [1, 0, 2], signs: [1, 1, -1] },
};

const after = (second: Action, first: Action): Action => ({
  from: second.from.map((i) => first.from[i]!),
  signs: second.from.map((i, at) => second.signs[at]! * first.signs[i]!),
});

/** What a motion does to the components of a field. */
export function actionOn(field: FieldKind, group: SymmetryGroup, motion: Motion): Action {
  if (field !== "regular") {
    let action = motion.mirrored ? mirror[field] : nothing[field];
    for (let i = 0; i < motion.turns; i++) action = after(turn[field], action);
    return action;
  }
  const motions = motionsOf(group);
  const from: number[] = [];
  for (const [old, other] of motions.entries()) from[composed(motion, other)] = old;
  return { from, signs: motions.map(() => 1) };
}
