// Datasets of graphs as tables: what methods for tables take of each graph, and the graph itself.
import { type ElementProperty, formulaDescriptors } from "@hooke/baselines";
import { type Column, type Dataset, datasetCheck, type Table, tableOf } from "@hooke/data";
import { elementSymbol } from "@hooke/layers-graph";
import { checkArgument, describe, fail } from "@hooke/runtime";
import { compositionOf, prototypeOf } from "./atom-names.ts";
import { edgeLengths, graphTexts, kindNames, type WrittenGraph } from "./graph-text.ts";

/** The column of the graphs. */
export const graphName = "graph";

/** What of elements tells most; the table is the same whichever elements there are. */
const properties: readonly ElementProperty[] = [
  "number",
  "mass",
  "group",
  "period",
  "electronegativity",
  "covalentRadius",
  "meltingPoint",
  "valenceElectrons",
];

/** Whether a dataset is one of graphs, as `graphDataset` makes them. */
export const isOfGraphs = ({ extras }: Dataset): boolean =>
  Object.hasOwn(extras, "senders") && Object.hasOwn(extras, "receivers");

/**
 * A table of graphs, a row for each. Of atoms first what says which of them belong together, and is no input: `composition`, and of positions `prototype`. Then what is known of it: `nodes`, `edges per node`; of atoms the composition by properties of the elements, of
 * other nodes and of edges the mean of each feature; of positions the distances along edges. Then the column `graph`, which holds the graph itself for
 * `graphNetwork`, and the target.
 *
 * @param data as `graphDataset` makes it, with a number or a label for each graph
 * @throws on other datasets, on targets of nodes or edges, and on targets that are called as a column of the table's
 * @example
 * ```ts
 * import { columnNames } from "@hooke/data";
 * import { graphDataset } from "@hooke/layers-graph";
 * import { graphTable } from "@hooke/model-advisor/graphs";
 *
 * const pair = { nodes: [[1], [2]], senders: [0, 1], receivers: [1, 0] };
 * const table = graphTable(graphDataset({ graphs: [pair], targets: [[3]], targetNames: ["gap"] }));
 * console.log(columnNames(table)); // [ 'nodes', 'edges per node', 'mean input0', 'graph', 'gap' ]
 * ```
 */
export function graphTable(data: Dataset): Table {
  const who = "graphTable";
  checkArgument(who, "the data", data, datasetCheck);
  if (!isOfGraphs(data)) {
    fail(
      who,
      `received inputs ${describe(data.inputs)} without edges; graphDataset makes datasets of graphs.`,
      "mismatch",
    );
  }
  const { targets, targetNames, classes, count, source } = data;
  if (targets.shape.length > 2) {
    const cure =
      "give one number or label for each graph; targets of nodes and edges are learned by fit of @hooke/core";
    fail(who, `received targets ${describe(targets)}; ${cure}.`, "mismatch");
  }
  const texts = graphTexts(data);
  const graphs = texts.map((text) => JSON.parse(text) as WrittenGraph);
  const width = targets.data.length / count;
  const ownTargets = Array.from({ length: width }, (_, c) => {
    const values = Float64Array.from({ length: count }, (_row, row) => targets.data[row * width + c]!);
    return [targetNames[c]!, classes === undefined ? values : Array.from(values, (label) => classes[label] ?? "")];
  });
  const known = { ...countsOf(graphs), ...meansOf(graphs, data), ...distancesOf(graphs), [graphName]: texts };
  const ofElements = graphs[0]!.atoms === undefined ? [] : [...kinds(graphs), ...compositions(graphs)];
  checkNames(who, ofElements, known, targetNames);
  const table = tableOf({ ...known, ...Object.fromEntries(ownTargets) }, { source });
  return { ...table, columns: [...ofElements, ...table.columns] };
}

/** That columns of the user's are called as none of those that are made of the graphs: they would take their place. */
export function checkNames(
  who: string,
  ofElements: readonly Column[],
  known: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const taken = new Set([...ofElements.map(({ name }) => name), ...Object.keys(known)]);
  const twice = names.find((name) => taken.has(name));
  if (twice !== undefined) fail(who, `the table has a column "${twice}" of its own; call yours otherwise.`, "mismatch");
}

/** What says which graphs of atoms belong together; of atoms without positions the composition alone. */
export const kinds = (graphs: readonly WrittenGraph[]): Column[] =>
  [graphs.map(({ atoms }) => compositionOf(atoms!)), ...(isInSpace(graphs) ? [graphs.map(prototypeOf)] : [])].map(
    (values, i) => ({ name: kindNames[i]!, type: "text", values, declared: true }),
  );

const isInSpace = (graphs: readonly WrittenGraph[]): boolean => graphs[0]!.positions !== undefined;

const countsOf = (graphs: readonly WrittenGraph[]): Record<string, Float64Array> => ({
  nodes: Float64Array.from(graphs, (graph) => (graph.atoms ?? graph.nodes)!.length),
  "edges per node": Float64Array.from(graphs, (graph) => graph.senders.length / (graph.atoms ?? graph.nodes)!.length),
});

/** What elements there are, by their properties. */
export function compositions(graphs: readonly WrittenGraph[]): readonly Column[] {
  const formula = graphs.map(({ atoms }) => {
    const counts = new Map<number, number>();
    for (const number of atoms!) counts.set(number, (counts.get(number) ?? 0) + 1);
    return Array.from(counts, ([number, amount]) => `${elementSymbol(number)}${amount}`).join("");
  });
  return formulaDescriptors(tableOf({ formula }), { formula: "formula", properties }).columns;
}

/** The mean of each feature over the nodes, and over the edges, of each graph. */
function meansOf(graphs: readonly WrittenGraph[], { inputNames }: Dataset): Record<string, Float64Array> {
  const means = (name: (feature: number) => string, rows: (graph: WrittenGraph) => WrittenGraph["edges"]) => {
    const width = graphs.reduce((most, graph) => Math.max(most, rows(graph)?.[0]?.length ?? 0), 0);
    return Array.from({ length: width }, (_, feature): [string, Float64Array] => [
      name(feature),
      Float64Array.from(graphs, (graph) => mean((rows(graph) ?? []).map((row) => row[feature]!))),
    ]);
  };
  return Object.fromEntries([
    ...means(
      (feature) => `mean ${inputNames[feature]}`,
      (graph) => graph.nodes,
    ),
    ...means(
      (feature) => `mean edge${feature}`,
      (graph) => graph.edges,
    ),
  ]);
}

/** Distances along edges: their mean, deviation and the least. */
export function distancesOf(graphs: readonly WrittenGraph[]): Record<string, Float64Array> {
  if (!isInSpace(graphs)) return {};
  const all = graphs.map(edgeLengths);
  return {
    "mean distance": Float64Array.from(all, mean),
    "deviation of distances": Float64Array.from(all, (distances) => {
      const centre = mean(distances);
      return Math.sqrt(mean(distances.map((distance) => (distance - centre) ** 2)));
    }),
    "least distance": Float64Array.from(all, (distances) =>
      distances.length === 0 ? Number.NaN : distances.reduce((least, distance) => Math.min(least, distance)),
    ),
  };
}

/** Missing where there is nothing. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
