// Where the graphs of a batch stand one behind another in their union, filled up to a budget.
import type { BatchExtras } from "@hooke/data";
import { array, type HostArray } from "@hooke/runtime";
import { type Budget, budgetsOf, type GraphSizes } from "./budgets.ts";

/**
 * What `graphUnion` reads of a batch, made from `lengths`, `senders` and `receivers` of its rows: for each node of the union its place among the rows' nodes
 * (`unionNodes`) and its row (`unionMembers`), for each edge its place among the rows' edges (`unionEdges`) and its ends among the union's nodes. Behind the last of
 * each the numbers are out of range.
 *
 * @param sizes of the graphs that budgets are chosen by
 * @param nodes of a row, padding included
 */
export function unionExtras(sizes: GraphSizes, nodes: number): BatchExtras {
  const known = new Map<number, readonly Budget[]>();
  return ({ lengths, senders, receivers }) => {
    const rows = lengths!.shape[0]!;
    const budgets = known.get(rows) ?? budgetsOf(sizes, rows);
    known.set(rows, budgets);
    const perRow = senders!.shape[1]!;
    const [from, to] = [senders!.data, receivers!.data];
    let [nodeCount, edgeCount] = [0, 0];
    for (const length of lengths!.data) nodeCount += length;
    for (const sender of from) if (sender >= 0) edgeCount++;
    const fits = ({ nodes: n, edges: e }: Budget): boolean => nodeCount <= n && edgeCount <= e;
    const found = budgets.find(fits) ?? { nodes: rows * nodes, edges: rows * perRow };
    // What belongs to nodes and what to edges is told apart by its size.
    const budget = found.nodes === found.edges ? { ...found, edges: found.edges + 1 } : found;
    const unionNodes = new Int32Array(budget.nodes).fill(rows * nodes);
    const unionMembers = new Int32Array(budget.nodes).fill(rows);
    const unionEdges = new Int32Array(budget.edges).fill(rows * perRow);
    const unionSenders = new Int32Array(budget.edges).fill(budget.nodes);
    const unionReceivers = new Int32Array(budget.edges).fill(budget.nodes);
    let [node, edge] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const start = node;
      for (let i = 0; i < lengths!.data[row]!; i++, node++) {
        unionNodes[node] = row * nodes + i;
        unionMembers[node] = row;
      }
      for (let at = row * perRow; at < (row + 1) * perRow && from[at]! >= 0; at++, edge++) {
        unionEdges[edge] = at;
        unionSenders[edge] = start + from[at]!;
        unionReceivers[edge] = start + to[at]!;
      }
    }
    const all = { unionNodes, unionMembers, unionEdges, unionSenders, unionReceivers };
    return Object.fromEntries(Object.entries(all).map(([name, places]): [string, HostArray] => [name, array(places)]));
  };
}
