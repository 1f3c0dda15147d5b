// Which nodes are joined, as layers read it from extras: the rows' graphs as one list of nodes and one of edges.
import type { Extras } from "@hooke/core";
import {
  add,
  and,
  checkArgument,
  describe,
  gather,
  greaterEqual,
  HookeError,
  iota,
  isFloat,
  isTensor,
  less,
  mul,
  reshape,
  segmentSum,
  select,
  type Tensor,
} from "@hooke/runtime";

/** Edges of a batch of graphs. */
export interface Structure {
  /** `i32[edges]`: the node that each edge comes from, and the one it goes to; out of range for edges that pad. */
  readonly senders: Tensor;
  readonly receivers: Tensor;
  /** Nodes of all rows, padding included. */
  readonly count: number;
  /** Features of the edges, `[edges, features]`. */
  readonly edges: Tensor | undefined;
  /** Values of nodes, `[rows, nodes, ...]`, at the senders or the receivers of edges, `[edges, ...]`. */
  at(ends: "senders" | "receivers", values: Tensor): Tensor;
  /** The sum of what edges bring, `[edges, ...]`, at their receivers, `[rows, nodes, ...]`. */
  sumAtReceivers(messages: Tensor): Tensor;
}

/** Checks that a layer's input has nodes with features, or with so many of them. @throws on another shape, and on whole numbers */
export function checkNodes(x: Tensor, features?: number): void {
  if (x.rank === 3 && isFloat(x.dtype) && (features === undefined || x.shape[2] === features)) return;
  throw new HookeError(
    `expected nodes [rows, nodes, ${features ?? "features"}] in f32 or f64, received ${describe(x)}.`,
    {
      code: "mismatch",
    },
  );
}

/**
 * The graphs of a batch: rows `[rows, nodes, features]` with the extras `senders` and `receivers`, `i32[rows, edges]` each, `edges`
 * `[rows, edges, features]` where edges have features, and `lengths` where rows have fewer nodes. An edge from or to a node that there is not
 * is none.
 *
 * @throws if nodes or edges have other shapes
 */
export function structureOf(extras: Partial<Extras>, x: Tensor): Structure {
  checkArgument("structureOf", "the extras", extras, (value) => (typeof value === "object" ? undefined : "a record"));
  checkArgument("structureOf", "the nodes", x, (value) =>
    isTensor(value) ? undefined : "a tensor, as layers get it while recording",
  );
  const { senders, receivers, lengths, edges } = extras;
  const [rows, nodes] = x.shape as [number, number];
  const perRow = senders?.shape[1];
  if (senders === undefined || receivers === undefined || senders.rank !== 2 || senders.shape[0] !== rows) {
    throw new HookeError(
      `expected the extras senders and receivers, i32[${rows}, edges] each, received ` +
        `${[senders, receivers].map((ends) => (ends === undefined ? "none" : describe(ends))).join(" and ")}; ` +
        "graphDataset makes them.",
      { code: "mismatch" },
    );
  }
  for (const [name, ends] of Object.entries({ senders, receivers })) {
    if (describe(ends) === `i32[${rows}, ${perRow}]`) continue;
    throw new HookeError(`received ${name} ${describe(ends)}; expected i32[${rows}, ${perRow}].`, { code: "mismatch" });
  }
  const features = edges === undefined ? undefined : edgeValues("edges", edges, senders);
  const there = (ends: Tensor): Tensor =>
    and(greaterEqual(ends, 0), less(ends, lengths === undefined ? nodes : reshape(lengths, [rows, 1])));
  const exist = and(there(senders), there(receivers));
  const flat = (ends: Tensor): Tensor =>
    reshape(select(exist, add(ends, mul(iota([rows, 1], 0), nodes)), -1), [rows * perRow!]);
  const [from, to] = [flat(senders), flat(receivers)];
  const count = rows * nodes;
  return {
    senders: from,
    receivers: to,
    count,
    edges: features,
    at: (ends, values) => gather(reshape(values, [count, ...values.shape.slice(2)]), ends === "senders" ? from : to),
    sumAtReceivers: (messages) => reshape(segmentSum(messages, to, count), [rows, nodes, ...messages.shape.slice(1)]),
  };
}

/** Values of edges, `[rows, edges, ...]`, as one list, `[edges, ...]`. @throws if there is not one for each edge */
export function edgeValues(name: string, values: Tensor, senders: Tensor): Tensor {
  const [rows, perRow] = senders.shape as [number, number];
  if (values.rank < 3 || values.shape[0] !== rows || values.shape[1] !== perRow) {
    throw new HookeError(
      `received ${name} ${describe(values)} for senders ${describe(senders)}; expected [${rows}, ${perRow}, features].`,
      { code: "mismatch" },
    );
  }
  return reshape(values, [rows * perRow, ...values.shape.slice(2)]);
}
