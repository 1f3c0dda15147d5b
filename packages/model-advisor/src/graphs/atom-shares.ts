// What each atom adds to the prediction for its molecule: what is lost where it is taken out, with its bonds.
import { type Fitted, innermost, inputsOf, takeSamples } from "@hooke/baselines";
import { type Table, tableCheck } from "@hooke/data";
import { elementSymbol } from "@hooke/layers-graph";
import { atomFeatureNames } from "@hooke/layers-graph/smiles";
import { checkArgument, checkOptions, checks, createPauses, fail } from "@hooke/runtime";
import { graphColumn, graphsOf, type WrittenGraph } from "./graph-text.ts";

/** Options of {@link atomShares}. */
export interface AtomSharesOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly fraction: number; readonly text: string }) => void;
}

/** Shares of the atoms of one molecule. */
export interface MoleculeShares {
  /** Of the table. */
  readonly row: number;
  /** In the unit of the target; of classes the probability of `of`. */
  readonly prediction: number;
  /** The target, or the most probable class. */
  readonly of: string;
  /** What each atom is: `"C"`; `"node"` where that is not known. */
  readonly kinds: readonly string[];
  /** What the prediction loses without the atom. */
  readonly shares: readonly number[];
}

/** Elements among the features of atoms; the last is any other one. */
const elementNames = atomFeatureNames.slice(0, 10);

/**
 * Shares of atoms, or of the nodes of other graphs, in what a fitted method of graphs predicts. Molecules of one atom are left out: nothing is left without it.
 *
 * @param fitted a method that reads graphs, such as `graphNetwork`, also with bounds
 * @param table with its inputs, as `moleculeTable` or `graphTable` makes them
 * @throws on methods that read no graphs; the signal's reason if it is aborted
 */
export async function atomShares(
  fitted: Fitted,
  table: Table,
  options: AtomSharesOptions = {},
): Promise<readonly MoleculeShares[]> {
  const who = "atomShares";
  checkArgument(who, "the table", table, tableCheck);
  checkArgument(who, "the model", fitted, (value) =>
    (value as Partial<Fitted> | null)?.inputs?.some?.(({ type }) => type === "text") === true
      ? undefined
      : "a fitted method that reads graphs, such as await graphNetwork({ kind }).fit(table, target, ...)",
  );
  checkOptions<AtomSharesOptions>(who, options, {
    optional: {
      signal: checks.signal,
      onProgress: (value) => (typeof value === "function" ? undefined : "a function"),
    },
  });
  const { method, state, target, inputs: schemas } = innermost(fitted);
  const { unseen: _, ...inputs } = inputsOf(table, schemas);
  const column = graphColumn(who, inputs);
  const graphs = graphsOf(who, column);
  const pause = createPauses();
  const found: MoleculeShares[] = [];
  for (const [row, graph] of graphs.entries()) {
    options.onProgress?.({ fraction: row / graphs.length, text: `molecule ${row + 1} of ${graphs.length}` });
    await pause();
    options.signal?.throwIfAborted();
    const kinds = kindsOf(graph);
    if (kinds.length < 2) continue;
    const texts = [column.values[row]!, ...kinds.map((__, atom) => JSON.stringify(without(graph, atom)))];
    const { columns } = takeSamples(inputs, new Int32Array(texts.length).fill(row));
    const asked = { columns, texts: [{ ...column, values: texts }], rowCount: texts.length };
    const predicted = method.predict(state, asked);
    const width = target.type === "class" ? target.classes.length : 1;
    const whole = Array.from(predicted.subarray(0, width));
    const place = whole.indexOf(Math.max(...whole));
    const prediction = whole[place]!;
    if (!Number.isFinite(prediction)) fail(who, `the model gives ${prediction} for row ${row}.`, "non-finite");
    found.push({
      row,
      prediction,
      of: target.type === "class" ? target.classes[place]! : target.name,
      kinds,
      shares: kinds.map((__, atom) => prediction - predicted[(atom + 1) * width + place]!),
    });
  }
  return found;
}

/** What each node is called. */
function kindsOf({ atoms, nodes }: WrittenGraph): string[] {
  if (atoms !== undefined) return atoms.map(elementSymbol);
  const isMolecule = nodes![0]?.length === atomFeatureNames.length;
  return nodes!.map((features) => {
    const place = isMolecule ? features.slice(0, elementNames.length).indexOf(1) : -1;
    return place < 0 ? "node" : elementNames[place]!;
  });
}

/** The graph without a node and its edges. */
function without(
  { atoms, nodes, positions, senders, receivers, edges, shifts }: WrittenGraph,
  gone: number,
): WrittenGraph {
  const others = <T>(list: readonly T[]): T[] => list.filter((_, node) => node !== gone);
  const kept = senders.flatMap((sender, edge) => (sender === gone || receivers[edge] === gone ? [] : [edge]));
  const ends = (list: readonly number[]): number[] => kept.map((edge) => list[edge]! - Number(list[edge]! > gone));
  return {
    ...(atoms && { atoms: others(atoms) }),
    ...(nodes && { nodes: others(nodes) }),
    ...(positions && { positions: others(positions) }),
    senders: ends(senders),
    receivers: ends(receivers),
    ...(edges && { edges: kept.map((edge) => edges[edge]!) }),
    ...(shifts && { shifts: kept.map((edge) => shifts[edge]!) }),
  };
}
