// Conditions on the same part of a boundary that ask for different things.
import { fail } from "@hooke/runtime";
import { taken } from "../points/cut.ts";
import type { PointSet } from "../points/points.ts";
import { formatted } from "../table.ts";
import { fixedDifferences, type Probe, pairsOfConditions, placeOf, scaleOf } from "./differences.ts";
import { lyingAmong } from "./neighbours.ts";

/** Terms are refused where so many points of one lie among those of the other. Where two parts only touch, few do. */
const most = 0.5;

/** Conditions that are further apart than this part of the scale of their fields contradict each other. */
const large = 1e-3;

/** @throws if two conditions on the same points, or on the same part of a boundary, cannot both hold, naming them, a point, and by how much */
export async function checkSamePlaces(probe: Probe): Promise<void> {
  for (const [one, other] of pairsOfConditions(probe.problem)) {
    const { terms } = probe.problem;
    await compare(probe, one, other);
    if (terms[one]!.points !== terms[other]!.points) await compare(probe, other, one);
  }
}

/** Compares two terms where the points of the first lie among those of the second. */
async function compare(probe: Probe, own: string, other: string): Promise<void> {
  const { problem, scales } = probe;
  const here = sharedPoints(probe, own, other);
  if (here === undefined) return;
  const least = large * scaleOf(problem, scales, [own, other]);
  for (const { names, apart } of await fixedDifferences(probe, { terms: [own, other], points: [here, here] })) {
    const contrary = [...apart.keys()].filter((at) => apart[at]! > least);
    if (contrary.length === 0 || contrary.length < most * apart.length) continue;
    const [at] = contrary as [number];
    fail(
      "solve",
      `"${names[0]}" and "${names[1]}" hold at the same places and contradict each other: at ${placeOf(problem, here, at)} they are ` +
        `${formatted(apart[at]!)} apart whatever the fields are. Remove one, or let each hold on a part of its own, such as boundary(80, { where }).`,
      "mismatch",
    );
  }
}

/** The points of a term that are those of another, or lie among them; undefined if these are few. */
function sharedPoints({ problem, sets }: Probe, own: string, other: string): PointSet | undefined {
  const [points, others] = [problem.terms[own]!.points, problem.terms[other]!.points];
  const set = sets.get(points)!;
  if (points === others) return set;
  const shared = lyingAmong(problem.domain, set, sets.get(others)!);
  if (shared.length < most * points.count) return undefined;
  return taken(set, shared, problem.domain.coordinates.length);
}
