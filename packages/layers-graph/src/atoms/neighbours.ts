// Neighbours within a cutoff, by cell lists: atoms are sorted into boxes, and looked for in boxes that are near enough.
import { type Cell, fractionsOf, heightsOf, placeAt, reciprocal, type Triple } from "./lattice.ts";

/** Directed edges between neighbours. */
export interface Neighbours {
  readonly senders: number[];
  readonly receivers: number[];
  /** What is added to the sender's position. */
  readonly shifts: Triple[];
}

/**
 * All pairs nearer than the cutoff, each in both directions; of periodic structures also those with images, a node's own images among them.
 *
 * @param cell without it nothing repeats
 */
export function neighboursWithin(places: readonly Triple[], cell: Cell | undefined, cutoff: number): Neighbours {
  const box = cell ?? boundingBox(places, cutoff);
  const inverse = reciprocal(box);
  const heights = heightsOf(inverse);
  // Boxes about as large as the cutoff, no more than there are atoms.
  const most = Math.max(1, Math.ceil(Math.cbrt(places.length)));
  const boxes = heights.map((height) => Math.min(most, Math.max(1, Math.floor(height / cutoff))));
  const reach = heights.map((height, axis) => Math.ceil((cutoff * boxes[axis]!) / height));
  const origin = cell === undefined ? cornerOf(places) : ([0, 0, 0] as Triple);
  const located = places.map((place) => {
    const fractions = fractionsOf(inverse, place.map((value, axis) => value - origin[axis]!) as unknown as Triple);
    const turns = fractions.map((fraction) => (cell === undefined ? 0 : Math.floor(fraction)));
    const at = fractions.map((fraction, axis) =>
      Math.min(boxes[axis]! - 1, Math.max(0, Math.floor((fraction - turns[axis]!) * boxes[axis]!))),
    );
    return { at, turns };
  });
  const content = new Map<number, number[]>();
  const keyOf = (at: readonly number[]): number => (at[0]! * boxes[1]! + at[1]!) * boxes[2]! + at[2]!;
  for (const [atom, { at }] of located.entries()) {
    const found = content.get(keyOf(at));
    if (found === undefined) content.set(keyOf(at), [atom]);
    else found.push(atom);
  }
  const [senders, receivers, shifts]: [number[], number[], Triple[]] = [[], [], []];
  for (const [receiver, { at, turns }] of located.entries()) {
    for (const step of stepsWithin(reach)) {
      const target = at.map((value, axis) => value + step[axis]!);
      const images = target.map((value, axis) => Math.floor(value / boxes[axis]!));
      if (cell === undefined && images.some((image) => image !== 0)) continue;
      const wrapped = target.map((value, axis) => value - images[axis]! * boxes[axis]!);
      for (const sender of content.get(keyOf(wrapped)) ?? []) {
        // Atoms stay where they are, in their cell or outside of it: the image is counted from there.
        const repeat = images.map((image, axis) => image + turns[axis]! - located[sender]!.turns[axis]!);
        if (sender === receiver && repeat.every((count) => count === 0)) continue;
        const shift = cell === undefined ? ([0, 0, 0] as Triple) : placeAt(cell, repeat as unknown as Triple);
        const squared = [0, 1, 2].reduce(
          (sum, axis) => sum + (places[sender]![axis]! + shift[axis]! - places[receiver]![axis]!) ** 2,
          0,
        );
        if (squared >= cutoff * cutoff) continue;
        senders.push(sender);
        receivers.push(receiver);
        shifts.push(shift);
      }
    }
  }
  return { senders, receivers, shifts };
}

function stepsWithin([a, b, c]: readonly number[]): number[][] {
  const range = (reach: number): number[] => Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return range(a!).flatMap((x) => range(b!).flatMap((y) => range(c!).map((z) => [x, y, z])));
}

const cornerOf = (places: readonly Triple[]): Triple =>
  [0, 1, 2].map((axis) =>
    places.reduce((least, place) => Math.min(least, place[axis]!), Infinity),
  ) as unknown as Triple;

/** A box around all, of edges along the axes, none shorter than the cutoff: atoms may lie in a plane or on a line. */
function boundingBox(places: readonly Triple[], cutoff: number): Cell {
  const corner = cornerOf(places);
  const sizes = [0, 1, 2].map((axis) =>
    Math.max(
      cutoff,
      places.reduce((most, place) => Math.max(most, place[axis]! - corner[axis]!), 0),
    ),
  );
  return [
    [sizes[0]!, 0, 0],
    [0, sizes[1]!, 0],
    [0, 0, sizes[2]!],
  ];
}
