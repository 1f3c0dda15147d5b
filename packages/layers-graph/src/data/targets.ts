// Targets of graphs, of nodes, or of energies and forces, as one array.
import { takeRows } from "@hooke/data";
import { array, describe, fail, type HostArray, isHostArray, type Nested, zeros } from "@hooke/runtime";
import type { CheckedGraph } from "./graph.ts";
import type { GraphDatasetOptions } from "./options.ts";
import { padded } from "./padded.ts";

/** A graph whose edges have another order than they were given in. */
export interface SortedGraph extends CheckedGraph {
  /** Which of the given edges each is. */
  readonly order: readonly number[];
}

/** The graphs, what messages call them, and how many nodes and edges a row has room for. */
interface Rows {
  readonly graphs: readonly SortedGraph[];
  readonly labels: readonly string[];
  readonly nodes: number;
  readonly edges: number;
}

/** @throws on targets of several kinds, or of other graphs */
export function targetsOf(
  source: string,
  { targets, nodeTargets, edgeTargets, energies, forces, dtype = "f32" }: GraphDatasetOptions,
  { graphs, labels, nodes, edges }: Rows,
): HostArray {
  const count = graphs.length;
  if ([targets, nodeTargets, edgeTargets, energies ?? forces].filter((kind) => kind !== undefined).length > 1)
    fail(source, "received targets of several kinds; give targets, nodeTargets, edgeTargets, or energies and forces.");
  if (targets !== undefined) return isHostArray(targets) ? targets : array(targets as Nested);
  const ofEach = (
    what: string,
    sizeOf: (graph: SortedGraph) => number,
    lists: readonly (HostArray | readonly Nested[])[],
    width?: number,
  ): HostArray[] => {
    if (lists.length !== count)
      fail(source, `received ${what} of ${lists.length} graphs, and ${count} graphs.`, "mismatch");
    return lists.map((list, row) => {
      const values = isHostArray(list) ? list : array(list as Nested);
      const columns = width ?? (isHostArray(lists[0]!) ? lists[0]! : array(lists[0] as Nested)).shape[1];
      const size = sizeOf(graphs[row]!);
      if (values.shape.length === 2 && values.shape[0] === size && values.shape[1] === columns) return values;
      const expected = `[${size}, ${columns ?? "columns"}]`;
      return fail(source, `${labels[row]} has ${what} ${describe(values)}; expected ${expected}.`, "mismatch");
    });
  };
  const nodeCount = (graph: SortedGraph): number => graph.nodes.shape[0]!;
  if (nodeTargets !== undefined) return padded(ofEach("nodeTargets", nodeCount, nodeTargets), nodes, dtype);
  if (edgeTargets !== undefined) {
    const given = ofEach("edgeTargets", ({ order }) => order.length, edgeTargets);
    return padded(
      given.map((values, row) => takeRows(values, graphs[row]!.order)),
      edges,
      dtype,
    );
  }
  if (energies === undefined && forces === undefined) return zeros([count, 0], dtype);
  if (energies !== undefined && forces === undefined) {
    const cure = "without forces an energy is a target like others: targets: energies.map((energy) => [energy])";
    fail(source, `received energies and no forces; ${cure}, of a model such as schnet.`, "mismatch");
  }
  if (energies === undefined || forces === undefined || energies.length !== count)
    fail(source, `expected ${count} energies and the forces of ${count} graphs.`, "mismatch");
  const both = ofEach("forces", nodeCount, forces, 3).map(({ data }, row): HostArray => {
    const size = nodeCount(graphs[row]!);
    const values = zeros([size, 4], "f64");
    for (let node = 0; node < size; node++) {
      values.data[4 * node] = energies[row]! / size;
      for (let axis = 0; axis < 3; axis++) values.data[4 * node + 1 + axis] = data[3 * node + axis]!;
    }
    return values;
  });
  return padded(both, nodes, dtype);
}
