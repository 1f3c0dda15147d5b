// Budgets: how many nodes and edges the union of a batch has room for, a few sizes for batches of as many rows, so that programs are few.

/** Nodes and edges of each graph of a dataset. */
export interface GraphSizes {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

/** Room for nodes and edges. */
export interface Budget {
  readonly nodes: number;
  readonly edges: number;
}

/** Standard deviations of the sum of a batch above its mean: one batch in 40 is larger than the first, hardly any than the second. */
const spreads = [2, 6];

/**
 * The budgets of batches of so many rows, smallest first: sums of sizes that random rows seldom exceed, and what the largest graphs would need.
 */
export function budgetsOf(sizes: GraphSizes, rows: number): readonly Budget[] {
  const [nodes, edges] = [levels(sizes.nodes, rows), levels(sizes.edges, rows)];
  return nodes.map((room, level) => ({ nodes: room, edges: edges[level]! }));
}

function levels(sizes: readonly number[], rows: number): number[] {
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length;
  const most = rows * sizes.reduce((largest, size) => Math.max(largest, size), 1);
  const room = (spread: number): number =>
    Math.min(most, 8 * Math.ceil((rows * mean + spread * Math.sqrt(rows * variance)) / 8));
  return [...spreads.map((spread) => Math.max(room(spread), 1)), most];
}
