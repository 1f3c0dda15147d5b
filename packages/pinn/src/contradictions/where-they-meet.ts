// Conditions with different values whose parts of the boundary meet: no smooth field has both. Physics idealizes so; reports tell of it.
import { normalNames } from "../domains/shape.ts";
import type { PointSet } from "../points/points.ts";
import { formatted } from "../table.ts";
import { fixedDifferences, type Probe, pairsOfConditions, placeOf, scaleOf } from "./differences.ts";
import { type Meeting, meetings } from "./neighbours.ts";

/** Jumps of less than this part of the scale of a field are not worth a word. */
const large = 0.05;

/** In words, the conditions between which fields jump, each pair with the place where they do so most. */
export async function jumps(probe: Probe): Promise<readonly string[]> {
  const { problem, scales, sets } = probe;
  const { domain, terms } = problem;
  const words: string[] = [];
  for (const pair of pairsOfConditions(problem)) {
    const [own, other] = pair.map((name) => sets.get(terms[name]!.points)!) as [PointSet, PointSet];
    const places = own === other ? [] : meetings(domain, own, other);
    if (places.length === 0) continue;
    const rows = Float64Array.from(places.flatMap(({ place }) => place));
    const normalsAt = (set: PointSet, at: (meeting: Meeting) => number): PointSet["columns"] =>
      Object.fromEntries(
        normalNames(domain.coordinates).map((name) => [
          name,
          Float64Array.from(places, (meeting) => set.columns[name]?.[at(meeting)] ?? 0),
        ]),
      );
    const here = { rows, columns: normalsAt(own, (meeting) => meeting.own) };
    const there = { rows, columns: normalsAt(other, (meeting) => meeting.other) };
    const least = large * scaleOf(problem, scales, pair);
    for (const { names, apart } of await fixedDifferences(probe, { terms: pair, points: [here, there] })) {
      const most = Math.max(...apart.map((value) => (Number.isNaN(value) ? 0 : value)));
      if (most <= least) continue;
      words.push(
        `"${names[0]}" and "${names[1]}" meet at ${placeOf(problem, here, apart.indexOf(most))}, where they are ${formatted(most)} apart: no smooth field ` +
          "has both, and close to there the solution is neither. Where that is not meant, let one value go over into the other.",
      );
    }
  }
  return words;
}
