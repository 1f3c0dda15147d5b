// A plan as a table: kernels in the order they run, with what they run over and the bytes they read and write.
import type { Plan } from "@hooke/plan";
import type { Program } from "@hooke/runtime";
import type { NotingEmitter } from "./noting.ts";
import { rowsOf } from "./rows.ts";
import { inBytes, tableLines } from "./table.ts";

/** The plan of a program, after its code was generated. */
export function textOf(program: Program, plan: Plan, emitter: NotingEmitter): string {
  const { layout, rooms, scratchBytes } = emitter;
  const rows = rowsOf(plan, emitter);
  const table = [
    ["", "kernel", "over", "reads", "writes"],
    ...rows.map(({ number, label, over, reads, writes }) => [number, label, over, inBytes(reads), inBytes(writes)]),
  ];
  const own = layout.ownBytes === 0 ? "" : `, ${inBytes(layout.ownBytes)} of each thread's own`;
  const shared = rooms?.most.partials ?? 0;
  const partials = shared === 0 ? "" : `, ${inBytes(shared)} that pieces share`;
  const memory = `${inBytes(layout.bytes)} of workspace, ${inBytes(rooms?.most.scratch ?? scratchBytes)} of scratch${own}${partials}`;
  return [`${operationsOf(program)} operations in ${rows.length} kernels; ${memory}`, ...tableLines(table, 3)].join(
    "\n",
  );
}

/** Nodes, with those of the bodies of loops. */
const operationsOf = ({ nodes }: Program): number =>
  nodes.reduce((sum, node) => sum + 1 + (node.primitive === "scan" ? operationsOf(node.params.body) : 0), 0);
