// Which edge leads back: of a bond the one of the other direction, of a periodic neighbourhood the one with the opposite shift.
import type { CheckedGraph } from "./graph.ts";

/** For each edge the one that leads back; undefined if one has none. Of several between the same nodes the first leads back to the first. */
export function reverseEdges({ senders, receivers, shifts }: CheckedGraph): readonly number[] | undefined {
  const shiftOf = (edge: number, sign: number): string =>
    [0, 1, 2].map((axis) => Math.round(sign * (shifts?.data[3 * edge + axis] ?? 0) * 1e4) + 0).join(",");
  const waiting = new Map<string, number[]>();
  for (const [edge, sender] of senders.entries()) {
    const key = `${sender} ${receivers[edge]} ${shiftOf(edge, 1)}`;
    waiting.set(key, [...(waiting.get(key) ?? []), edge]);
  }
  const places: number[] = [];
  for (const [edge, sender] of senders.entries()) {
    const found = waiting.get(`${receivers[edge]} ${sender} ${shiftOf(edge, -1)}`)?.shift();
    if (found === undefined) return undefined;
    places.push(found);
  }
  return places;
}
