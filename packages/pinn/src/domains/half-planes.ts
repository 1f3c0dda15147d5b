// A polygon as a formula of half-planes.
import { add, mul } from "@hooke/runtime";
import { type Corner, cross } from "./triangles.ts";
import { both, either, type Wall } from "./walls.ts";

/** With more walls than these a product of all is too uneven; they are joined to one. */
const most = 8;

/**
 * The walls of a simple polygon, gone around to the left. Each side's half-plane occurs once in a formula of "both" at convex and "either" at reflex corners
 * (Dobkin, Guibas, Hershberger and Snoeyink 1993); what "both" joins at the top are its walls.
 */
export function wallsOf(corners: readonly Corner[], coordinates: readonly string[]): readonly Wall[] {
  // Corners on a side are none.
  const turns = corners.filter((corner, i) => {
    const [before, after] = [corners.at(i - 1)!, corners[(i + 1) % corners.length]!];
    const size = Math.hypot(after[0] - before[0], after[1] - before[1]) ** 2;
    return Math.abs(cross(before, corner, after)) > 1e-13 * size;
  });
  const order = turns.map((_, i) => i).sort((i, j) => turns[i]![0] - turns[j]![0] || turns[i]![1] - turns[j]![1]);
  // Two corners of the convex hull part the boundary into two chains, each a formula of its own.
  const start = order[0]!;
  const turned = [...turns.slice(start), ...turns.slice(0, start)];
  const middle = (order.at(-1)! - start + turns.length) % turns.length;
  const sides = turned.map((from, i) => ({ from, to: turned[(i + 1) % turned.length]! }));
  const walls = [sides.slice(0, middle), sides.slice(middle)].flatMap((chain) => conjuncts(chain, coordinates));
  return walls.length <= most ? walls : [walls.reduce(both)];
}

interface Edge {
  readonly from: Corner;
  readonly to: Corner;
}

/** What "both" joins in the formula of a chain of sides, the first and the last of which go on without end. */
function conjuncts(chain: readonly Edge[], coordinates: readonly string[]): Wall[] {
  if (chain.length === 1) return [halfPlane(chain[0]!, coordinates)];
  const at = outermost(chain);
  const [before, after] = [chain.slice(0, at), chain.slice(at)].map((half) => conjuncts(half, coordinates)) as [
    Wall[],
    Wall[],
  ];
  const convex = cross(chain[at]!.from, chain[at]!.to, chain[at - 1]!.from) > 0;
  return convex ? [...before, ...after] : [either(before.reduce(both), after.reduce(both))];
}

/** The side that begins at a corner of the chain's convex hull. */
function outermost(chain: readonly Edge[]): number {
  const direction = ({ from, to }: Edge): Corner => {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    return [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  };
  const [first, last] = [direction(chain[0]!), direction(chain.at(-1)!)];
  // Away from both of its ends without end; across, if these lie on a line.
  const away: Corner = [first[0] - last[0], first[1] - last[1]];
  const [a, b] = Math.hypot(...away) > 1e-12 ? away : [-first[1], first[0]];
  const heights = chain.map(({ from }) => a * from[0] + b * from[1]);
  let at = 1;
  for (let i = 2; i < chain.length; i++) if (heights[i]! > heights[at]!) at = i;
  return at;
}

/** The distance to the left of a side. */
function halfPlane({ from, to }: Edge, [x, y]: readonly string[]): Wall {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const [a, b] = [(from[1] - to[1]) / length, (to[0] - from[0]) / length];
  const offset = -(a * from[0] + b * from[1]);
  return (at) => add(add(mul(at[x!]!, a), mul(at[y!]!, b)), offset);
}
