// Crystals and molecules whose atoms have places, as a table: what methods for tables take of each, and its graph.
import { type Column, type Table, tableOf } from "@hooke/data";
import { type AtomStructure, atomGraph } from "@hooke/layers-graph";
import { checkArgument, checkOptions, checks, type HostArray } from "@hooke/runtime";
import { nearestOf, shellSizes } from "./atom-names.ts";
import { checkNames, compositions, distancesOf, graphName, kinds, mean } from "./graph-table.ts";
import { edgeLengths, type WrittenGraph } from "./graph-text.ts";

/** Options of {@link atomTable}. */
export interface AtomTableOptions {
  /** Atoms nearer than this are neighbours, in the unit of the positions. Default 5, of angstroms. */
  readonly cutoff?: number;
  /** What is known besides, such as the target: a list with a number or a text for each structure, by a name that no other column of the table has. */
  readonly columns?: Readonly<Record<string, ArrayLike<number> | readonly string[]>>;
  /** Where the structures came from: the speaker of messages. Default `"structures"`. */
  readonly source?: string;
}

/** Distances that it is counted at how many neighbours there are, in tenths of the cutoff. */
const tenths = [3, 4, 5, 6, 7, 8, 9];

/**
 * A table of crystals, or of molecules in space, a row for each. What says which belong together and is no input: `composition` (`"ClNa"`) and `prototype`, the kinds of atoms and how many
 * neighbours each has (`"AB 6:6"`). What is known: the composition by properties of the elements, the volume per atom where there is a cell, distances to the nearest atoms and how many there
 * are, how many neighbours there are within the cutoff and near seven distances below it, whose names hold the cutoff. Then the graph itself for `graphNetwork`, and `columns`. Atoms outside of the cell are moved into it.
 *
 * @throws on structures that `atomGraph` refuses, with their names; on `columns` that are called as one of the table's
 * @example
 * ```ts
 * import { numbersOf } from "@hooke/data";
 * import { parsePoscar } from "@hooke/layers-graph";
 * import { atomTable } from "@hooke/model-advisor/graphs";
 *
 * const iron = parsePoscar("bcc iron\n2.87\n1 0 0\n0 1 0\n0 0 1\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5");
 * const table = atomTable([iron], { columns: { energy: [-8.2] } });
 * console.log(numbersOf(table, "neighbours within 5")[0]); // 58
 * ```
 */
export function atomTable(structures: readonly AtomStructure[], options: AtomTableOptions = {}): Table {
  const who = "atomTable";
  checkArgument(who, "the structures", structures, (value) =>
    Array.isArray(value) && value.length > 0 ? undefined : "a list of structures, such as [parseCif(text)]",
  );
  checkOptions<AtomTableOptions>(who, options, {
    optional: {
      cutoff: checks.positive,
      columns: (value) => (typeof value === "object" && value !== null ? undefined : "lists by name"),
      source: (value) => (typeof value === "string" ? undefined : "a text"),
    },
  });
  const { cutoff = 5, columns = {}, source = "structures" } = options;
  const graphs = structures.map((structure, i) => writtenGraph({ name: `structure ${i}`, ...structure }, cutoff));
  const known: Record<string, Float64Array> = {
    ...volumesOf(structures),
    ...nearestDistances(graphs),
    ...named(distancesOf(graphs), (name) => (name === "least distance" ? name : `${name} within ${cutoff}`)),
    [neighboursName(cutoff)]: Float64Array.from(graphs, (graph) => graph.senders.length / graph.atoms!.length),
    ...neighboursNear(graphs, cutoff),
  };
  const texts = { [`${graphName} within ${cutoff}`]: graphs.map((graph) => JSON.stringify(graph)) };
  const ofElements = [...kinds(graphs), ...compositions(graphs)];
  checkNames(who, ofElements, { ...known, ...texts }, Object.keys(columns));
  const { columns: own, ...table } = tableOf({ ...known, ...texts, ...columns }, { source });
  return { ...table, columns: [...ofElements, ...own] as Column[] };
}

const neighboursName = (cutoff: number): string => `neighbours within ${cutoff}`;

/** The cutoff of the table that inputs are of; undefined where {@link atomTable} made none of them. @param inputs such as those of a fitted method */
export function cutoffIn(inputs: readonly { readonly name: string }[]): number | undefined {
  checkArgument("cutoffIn", "the inputs", inputs, (value) =>
    Array.isArray(value) && value.every((input) => typeof input?.name === "string") ? undefined : "inputs with names",
  );
  for (const { name } of inputs) {
    const [, text] = /^(?:neighbours|graph) within ([\d.e+-]+)$/.exec(name) ?? [];
    if (text !== undefined) return Number(text);
  }
  return undefined;
}

function writtenGraph(structure: AtomStructure, cutoff: number): WrittenGraph {
  const { nodes, senders, receivers, positions, shifts } = atomGraph(structure, { cutoff, wrap: true });
  return {
    atoms: Array.from((nodes as HostArray).data),
    senders: Array.from(senders),
    receivers: Array.from(receivers),
    positions: triples(positions as HostArray),
    ...(shifts && { shifts: triples(shifts as HostArray) }),
  };
}

const triples = ({ data }: HostArray): number[][] =>
  Array.from({ length: data.length / 3 }, (_, i) => Array.from(data.subarray(3 * i, 3 * i + 3)));

const named = <T>(record: Readonly<Record<string, T>>, name: (before: string) => string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([before, value]) => [name(before), value]));

/** Missing where nothing repeats; no column where nothing does anywhere. */
function volumesOf(structures: readonly AtomStructure[]): Record<string, Float64Array> {
  if (structures.every(({ cell }) => cell === undefined)) return {};
  const volume = ([a, b, c]: readonly (readonly number[])[]): number =>
    Math.abs(
      a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) +
        a![1]! * (b![2]! * c![0]! - b![0]! * c![2]!) +
        a![2]! * (b![0]! * c![1]! - b![1]! * c![0]!),
    );
  return {
    "volume per atom": Float64Array.from(structures, ({ cell, atoms }) =>
      cell === undefined ? Number.NaN : volume(cell) / atoms.length,
    ),
  };
}

/** Of the atoms that have a neighbour: how far the nearest is, and how many are about as near. */
function nearestDistances(graphs: readonly WrittenGraph[]): Record<string, Float64Array> {
  const all = graphs.map((graph) => nearestOf(graph).filter(Number.isFinite));
  return {
    "nearest distance": Float64Array.from(all, mean),
    "deviation of nearest distances": Float64Array.from(all, (nearest) => {
      const centre = mean(nearest);
      return Math.sqrt(mean(nearest.map((distance) => (distance - centre) ** 2)));
    }),
    "nearest neighbours": Float64Array.from(graphs, (graph) => mean(shellSizes(graph))),
  };
}

/** How many neighbours an atom has near some distances, counted by Gaussians a tenth of the cutoff wide: the radial distribution, so smooth that small moves change it little. */
function neighboursNear(graphs: readonly WrittenGraph[], cutoff: number): Record<string, Float64Array> {
  const width = cutoff / 10;
  const lengths = graphs.map(edgeLengths);
  return Object.fromEntries(
    tenths.map((tenth) => {
      const near = Number((tenth * width).toPrecision(4));
      const counts = lengths.map(
        (own, i) =>
          own.reduce((sum, length) => sum + Math.exp(-0.5 * ((length - near) / width) ** 2), 0) /
          graphs[i]!.atoms!.length,
      );
      return [`neighbours near ${near} (within ${cutoff})`, Float64Array.from(counts)];
    }),
  );
}
