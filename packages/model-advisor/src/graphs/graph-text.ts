// Graphs as texts, so that a table holds one in a cell and a model reads it there.
import type { Inputs, TextInput } from "@hooke/baselines";
import type { Dataset } from "@hooke/data";
import type { Graph } from "@hooke/layers-graph";
import { array, fail, type HostArray } from "@hooke/runtime";

type Rows = readonly (readonly number[])[];

/** A graph as it is written: atoms by their numbers, or nodes by their features. */
export interface WrittenGraph {
  readonly atoms?: readonly number[];
  readonly nodes?: Rows;
  readonly senders: readonly number[];
  readonly receivers: readonly number[];
  readonly edges?: Rows;
  readonly positions?: Rows;
  readonly shifts?: Rows;
}

/** Columns of tables of graphs that say which of them belong together, and are no inputs. */
export const kindNames: readonly string[] = ["composition", "prototype"];

/** What texts of graphs begin with. */
const beginning = /^\{"(?:atoms|nodes)":\[/;

/** Whether all cells are graphs. */
export const areGraphs = (cells: readonly string[]): boolean =>
  cells.length > 0 && cells.every((cell) => beginning.test(cell));

/** The graphs of a dataset, a text each. */
export function graphTexts({ inputs, extras, count }: Dataset): string[] {
  const { lengths, senders, receivers } = extras as Readonly<Record<string, HostArray>>;
  const perRow = senders!.shape[1]!;
  const isAtoms = inputs.dtype === "i32" && inputs.shape[2] === 1;
  return Array.from({ length: count }, (_, row) => {
    const nodes = lengths === undefined ? inputs.shape[1]! : lengths.data[row]!;
    const own = (values: HostArray): number[] => Array.from(values.data.subarray(row * perRow, (row + 1) * perRow));
    const from = own(senders!).filter((node) => node >= 0);
    const part = (name: string, size: number) =>
      extras[name] === undefined ? {} : { [name]: rowsOf(extras[name], row, size) };
    const graph: WrittenGraph = {
      ...(isAtoms
        ? { atoms: rowsOf(inputs, row, nodes).map(([number]) => number!) }
        : { nodes: rowsOf(inputs, row, nodes) }),
      senders: from,
      receivers: own(receivers!).slice(0, from.length),
      ...part("edges", from.length),
      ...part("positions", nodes),
      ...part("shifts", from.length),
    };
    return JSON.stringify(graph);
  });
}

/** The first `size` rows of a row of `[rows, room, width]`. */
function rowsOf({ shape, data }: HostArray, row: number, size: number): number[][] {
  const [, room, width] = shape as [number, number, number];
  return Array.from({ length: size }, (_, i) =>
    Array.from(data.subarray((row * room + i) * width, (row * room + i + 1) * width)),
  );
}

/** A graph that has been built already, as a text. */
export function graphText({ nodes, senders, receivers, edges }: Graph): string {
  const written = { nodes, senders: Array.from(senders), receivers: Array.from(receivers), ...(edges && { edges }) };
  return JSON.stringify(written);
}

/** The one column of graphs among texts. @throws where there is none, or there are several */
export function graphColumn(who: string, { texts = [] }: Inputs): TextInput {
  const [text, ...more] = texts;
  if (text !== undefined && more.length === 0) return text;
  const cure = 'name it: { inputs: ["graph"], texts: ["graph"] }, of a table that graphTable or moleculeTable made';
  const found = text === undefined ? "no column" : `${texts.length} columns`;
  return fail(who, `reads one column of graphs, and received ${found} of texts; ${cure}.`, "mismatch");
}

/** The graphs of a column. @throws with the row of a cell that is none */
export function graphsOf(who: string, { name, values }: TextInput): WrittenGraph[] {
  return values.map((text, row) => {
    if (!beginning.test(text)) {
      const shown = text === "" ? "empty" : `"${text.slice(0, 40)}"`;
      fail(who, `row ${row} of "${name}" is ${shown}, which is no graph; graphTable writes them.`, "invalid-data");
    }
    try {
      return JSON.parse(text) as WrittenGraph;
    } catch {
      return fail(who, `row ${row} of "${name}" is a graph that breaks off; write it again.`, "invalid-data");
    }
  });
}

/** A graph as layers take it. @param row what messages call it */
export function graphOf({ atoms, nodes, ...rest }: WrittenGraph, row: number): Graph {
  const numbers = atoms && array(Int32Array.from(atoms), { shape: [atoms.length, 1] });
  return { nodes: numbers ?? nodes!, ...rest, name: `row ${row}` };
}

/** How far apart the ends of edges are. */
export function edgeLengths({ senders, receivers, positions, shifts }: WrittenGraph): number[] {
  return senders.map((sender, edge) => {
    const receiver = receivers[edge]!;
    return Math.hypot(
      ...[0, 1, 2].map(
        (axis) => positions![sender]![axis]! + (shifts?.[edge]?.[axis] ?? 0) - positions![receiver]![axis]!,
      ),
    );
  });
}
