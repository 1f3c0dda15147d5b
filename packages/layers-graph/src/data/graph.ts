// What a graph is: nodes with features, directed edges between them, and the checks of both.
import { array, describe, fail, HookeError, type HostArray, isHostArray, type Nested, show } from "@hooke/runtime";

/** An array, or nested lists of numbers. */
type Values = HostArray | readonly Nested[];

/** A graph. Edges are directed: a bond, a contact or any other mutual neighbourhood is two of them. */
export interface Graph {
  /** Features of the nodes, `[nodes, features]`: numbers, or whole numbers (i32) such as atomic numbers. */
  readonly nodes: Values;
  /** The node that each edge comes from, counted from 0. */
  readonly senders: ArrayLike<number>;
  /** The node that each edge goes to. */
  readonly receivers: ArrayLike<number>;
  /** Features of the edges, `[edges, features]`. Default none. */
  readonly edges?: Values;
  /** Where the nodes are, `[nodes, 3]`. Default: nowhere. */
  readonly positions?: Values;
  /** What is added to the sender's position, `[edges, 3]`: of edges into other cells of a periodic structure. Default 0. */
  readonly shifts?: Values;
  /** Its name in messages. Default its number. */
  readonly name?: string;
}

/** A graph that has been checked, as arrays. */
export interface CheckedGraph {
  readonly nodes: HostArray;
  readonly senders: readonly number[];
  readonly receivers: readonly number[];
  readonly edges?: HostArray;
  readonly positions?: HostArray;
  readonly shifts?: HostArray;
}

/**
 * @param label what messages call the graph
 * @param isolated whether a graph may have no edges
 * @throws with the code `invalid-data`, naming the graph: nodes or positions that are no finite numbers, edges to nodes that there are not, edges from a
 *   node to itself, and a graph without nodes or, unless they are allowed, without edges
 */
export function checkGraph(who: string, graph: Graph, label: string, isolated: boolean): CheckedGraph {
  if (typeof graph !== "object" || graph === null || !("nodes" in graph))
    fail(who, `${label} is ${show(graph)}; expected { nodes, senders, receivers }.`);
  const refuse = (what: string): never => fail(who, `${label} ${what}`, "invalid-data");
  const nodes = matrix(who, label, "nodes", graph.nodes);
  const count = nodes.shape[0]!;
  if (count === 0) refuse("has no nodes; leave it out.");
  const [senders, receivers] = [graph.senders, graph.receivers].map((ends) =>
    ends === undefined || typeof ends !== "object"
      ? refuse("has no senders and receivers; give [] where it has no edges.")
      : Array.from(ends),
  ) as [number[], number[]];
  if (senders.length !== receivers.length)
    refuse(`has ${senders.length} senders and ${receivers.length} receivers; an edge has one of each.`);
  if (senders.length === 0 && !isolated) {
    refuse(
      "has no edges: its nodes would not hear of each other. Give a larger cutoff, leave it out, or take it as it is: isolated: true.",
    );
  }
  for (const [ends, list] of Object.entries({ senders, receivers })) {
    const edge = list.findIndex((node) => !(Number.isInteger(node) && node >= 0 && node < count));
    if (edge >= 0)
      refuse(
        `has ${list[edge]} among its ${ends} (edge ${edge}), and nodes from 0 to ${count - 1}; count them from 0.`,
      );
  }
  const own = {
    ...optional(who, label, "edges", graph.edges, senders.length),
    ...optional(who, label, "positions", graph.positions, count, 3),
    ...optional(who, label, "shifts", graph.shifts, senders.length, 3),
  };
  const loop = senders.findIndex((node, edge) => node === receivers[edge] && isStill(own.shifts, edge));
  if (loop >= 0)
    refuse(
      `has an edge from node ${senders[loop]} to itself (edge ${loop}); leave it out, layers that need it add it.`,
    );
  return { nodes, senders, receivers, ...own };
}

/** Whether an edge stays in its cell. */
const isStill = (shifts: HostArray | undefined, edge: number): boolean =>
  shifts === undefined || [0, 1, 2].every((axis) => shifts.data[3 * edge + axis] === 0);

function optional<Name extends string>(
  who: string,
  label: string,
  name: Name,
  values: Values | undefined,
  rows: number,
  width?: number,
): { readonly [N in Name]?: HostArray } {
  if (values === undefined) return {};
  const found =
    Array.isArray(values) && values.length === 0
      ? array(new Float32Array(0), { shape: [0, width ?? 0] })
      : matrix(who, label, name, values);
  if (found.shape[0] === rows && (width === undefined || found.shape[1] === width)) return { [name]: found } as never;
  const expected = `[${rows}, ${width ?? "features"}]`;
  return fail(who, `${label} has ${name} ${describe(found)}; expected ${expected}.`, "mismatch");
}

function matrix(who: string, label: string, name: string, values: Values): HostArray {
  const found = isHostArray(values) ? values : numbersIn(who, label, name, values);
  if (found.shape.length !== 2)
    fail(who, `${label} has ${name} ${describe(found)}; expected a row for each, such as [[1], [2]].`, "mismatch");
  const odd = found.data.findIndex((value: number) => !Number.isFinite(value));
  if (odd < 0) return found;
  const width = found.shape[1]!;
  return fail(
    who,
    `${label} has ${found.data[odd]} among its ${name} (row ${Math.floor(odd / width)}, column ${odd % width}).`,
    "invalid-data",
  );
}

/** @throws where lists hold what is no number, or have unequal lengths, in words of the graph */
function numbersIn(who: string, label: string, name: string, values: readonly Nested[]): HostArray {
  try {
    return array(values as Nested);
  } catch (error) {
    if (!(error instanceof HookeError)) throw error;
    const what = error.message.replace(/^array: /, "").replaceAll("values[", `${name}[`);
    const cure = "Give features as numbers, such as 1 in the place of a kind and 0 elsewhere.";
    throw new HookeError(`${who}: ${label}: ${what} ${cure}`, { code: "invalid-data", cause: error });
  }
}
