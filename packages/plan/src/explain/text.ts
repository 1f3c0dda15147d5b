// A plan as a table: kernels in the order they run, with what they run over and the bytes they read and write.
import type { Program } from "@hooke/runtime";
import type { Row } from "./rows.ts";
import { inBytes, tableLines } from "./table.ts";

/**
 * The plan of a program as text. Where rows state engines, it says which runs what, and how many kernels each has.
 *
 * @param memory what the program takes: `512 B of workspace`
 */
export function textOf(program: Program, rows: readonly Row[], memory: string): string {
  const engines = Map.groupBy(rows, ({ engine }) => engine);
  engines.delete(undefined);
  const several = engines.size > 0;
  const table = [
    ["", "kernel", ...(several ? ["engine"] : []), "over", "reads", "writes"],
    ...rows.map(({ number, label, engine, over, reads, writes }) => [
      number,
      label,
      ...(several ? [engine ?? ""] : []),
      over,
      inBytes(reads),
      inBytes(writes),
    ]),
  ];
  const shares = [...engines].map(([engine, { length }]) => `${length} by ${engine}`);
  const by = several ? ` (${shares.join(", ")})` : "";
  const head = `${operationsOf(program)} operations in ${rows.length} kernels${by}; ${memory}`;
  return [head, ...tableLines(table, several ? 4 : 3)].join("\n");
}

/** Nodes, with those of the bodies of loops. */
const operationsOf = ({ nodes }: Program): number =>
  nodes.reduce((sum, node) => sum + 1 + (node.primitive === "scan" ? operationsOf(node.params.body) : 0), 0);
