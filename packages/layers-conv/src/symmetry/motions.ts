// Turns and mirror images of a square grid, and how they are composed.

/** `"p4"`: turns by 90 degrees. `"p4m"`: these, and mirror images. Of what stays where it is: convolutions take care of translations. */
export type SymmetryGroup = "p4" | "p4m";

/** Mirrored along the last axis first, then turned counterclockwise, as an image with rows from top to bottom is seen. */
export interface Motion {
  readonly mirrored: boolean;
  /** By 90 degrees each, 0 to 3. */
  readonly turns: number;
}

/** All motions of a group; the first leaves everything where it is. */
export const motionsOf = (group: SymmetryGroup): readonly Motion[] =>
  (group === "p4" ? [false] : [false, true]).flatMap((mirrored) =>
    [0, 1, 2, 3].map((turns): Motion => ({ mirrored, turns })),
  );

/** How many motions there are. */
export const orderOf = (group: SymmetryGroup): number => (group === "p4" ? 4 : 8);

/** The place of a motion among those of its group. */
const placeOf = ({ mirrored, turns }: Motion): number => (mirrored ? 4 : 0) + turns;

/** The place of `second` after `first`. */
export const composed = (second: Motion, first: Motion): number =>
  placeOf({
    mirrored: first.mirrored !== second.mirrored,
    // A mirror image turns the other way.
    turns: (second.turns + (second.mirrored ? 4 - first.turns : first.turns)) % 4,
  });

/** Where the number that a motion brings to row `i` and column `j` of a square of `size` points comes from. */
export function sourceOf({ mirrored, turns }: Motion, size: number, i: number, j: number): readonly [number, number] {
  let [row, column] = [i, j];
  for (let turn = 0; turn < turns; turn++) [row, column] = [column, size - 1 - row];
  return [row, mirrored ? size - 1 - column : column];
}
