// Targets of graphs, of nodes, or of energies and forces, as one array.
import { array, describe, fail, type HostArray, isHostArray, type Nested, zeros } from "@hooke/runtime";
import type { GraphDatasetOptions } from "./options.ts";
import { padded } from "./padded.ts";

/**
 * @param sizes nodes of each graph
 * @param room nodes of a row
 * @param labels what messages call the graphs
 * @throws on targets of several kinds, or of other graphs
 */
export function targetsOf(
  source: string,
  { graphs, targets, nodeTargets, energies, forces, dtype = "f32" }: GraphDatasetOptions,
  sizes: readonly number[],
  room: number,
  labels: readonly string[],
): HostArray {
  const count = graphs.length;
  if ([targets, nodeTargets, energies ?? forces].filter((kind) => kind !== undefined).length > 1)
    fail(source, "received targets of several kinds; give targets, nodeTargets, or energies and forces.");
  if (targets !== undefined) return isHostArray(targets) ? targets : array(targets as Nested);
  const perNode = (what: string, lists: readonly (HostArray | readonly Nested[])[], width?: number): HostArray[] => {
    if (lists.length !== count)
      fail(source, `received ${what} of ${lists.length} graphs, and ${count} graphs.`, "mismatch");
    return lists.map((list, row) => {
      const values = isHostArray(list) ? list : array(list as Nested);
      const columns = width ?? (isHostArray(lists[0]!) ? lists[0]! : array(lists[0] as Nested)).shape[1];
      if (values.shape.length === 2 && values.shape[0] === sizes[row] && values.shape[1] === columns) return values;
      const expected = `[${sizes[row]}, ${columns ?? "columns"}]`;
      return fail(
        source,
        `${labels[row]} has ${what} ${describe(values)}; expected ${expected}, a row for each node.`,
        "mismatch",
      );
    });
  };
  if (nodeTargets !== undefined) return padded(perNode("nodeTargets", nodeTargets), room, dtype);
  if (energies === undefined && forces === undefined) return zeros([count, 0], dtype);
  if (energies === undefined || forces === undefined || energies.length !== count)
    fail(source, `expected ${count} energies and the forces of ${count} graphs.`, "mismatch");
  const both = perNode("forces", forces, 3).map(({ data }, row): HostArray => {
    const size = sizes[row]!;
    const values = zeros([size, 4], "f64");
    for (let node = 0; node < size; node++) {
      values.data[4 * node] = energies[row]! / size;
      for (let axis = 0; axis < 3; axis++) values.data[4 * node + 1 + axis] = data[3 * node + axis]!;
    }
    return values;
  });
  return padded(both, room, dtype);
}
