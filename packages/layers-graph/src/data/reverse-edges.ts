// Which edge leads back: of a bond the one of the other direction.
import type { CheckedGraph } from "./graph.ts";

/** For each edge the one that leads back; undefined if one has none. Of several between the same nodes the first leads back to the first. */
export function reverseEdges({ senders, receivers }: CheckedGraph): readonly number[] | undefined {
  const waiting = new Map<string, number[]>();
  for (const [edge, sender] of senders.entries()) {
    const key = `${sender} ${receivers[edge]}`;
    const found = waiting.get(key);
    if (found === undefined) waiting.set(key, [edge]);
    else found.push(edge);
  }
  const places: number[] = [];
  for (const [edge, sender] of senders.entries()) {
    const found = waiting.get(`${receivers[edge]} ${sender}`)?.shift();
    if (found === undefined) return undefined;
    places.push(found);
  }
  return places;
}
