// A plan as a table: kernels in the order they run, with what they run over and the bytes they read and write.
import { byteSize, describe, type Program, sizeOf, type Value } from "@hooke/runtime";
import { externalValues } from "../codegen/body.ts";
import type { Emitter } from "../codegen/emitter.ts";
import type { Kernel, Plan, ScanKernel } from "../plan/kernel.ts";
import { labelOf } from "./label.ts";

interface Row {
  readonly number: string;
  readonly label: string;
  readonly over: string;
  readonly reads: number;
  readonly writes: number;
}

/** The plan of a program, after its code was generated. */
export function textOf(program: Program, plan: Plan, { layout, scratchBytes }: Emitter): string {
  const { bytes, ownBytes } = layout;
  const rows = rowsOf(plan, "");
  const table = [
    ["", "kernel", "over", "reads", "writes"],
    ...rows.map(({ number, label, over, reads, writes }) => [number, label, over, inBytes(reads), inBytes(writes)]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, i) => (i > 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const own = ownBytes === 0 ? "" : `, ${inBytes(ownBytes)} of each thread's own`;
  const memory = `${inBytes(bytes)} of workspace, ${inBytes(scratchBytes)} of scratch${own}`;
  return [`${operationsOf(program)} operations in ${rows.length} kernels; ${memory}`, ...lines].join("\n");
}

/** Nodes, with those of the bodies of loops. */
const operationsOf = ({ nodes }: Program): number =>
  nodes.reduce((sum, node) => sum + 1 + (node.primitive === "scan" ? operationsOf(node.params.body) : 0), 0);

/** Kernels, each followed by those of its body, and the copies after them; the first has a number behind a prefix. */
function rowsOf(plan: Plan, prefix: string, first = 0): Row[] {
  const kernels = plan.kernels.flatMap((kernel, i): Row[] => {
    const number = `${prefix}${first + i}`;
    const row = { number, label: labelOf(kernel), ...traffic(kernel, plan) };
    return kernel.kind === "scan" ? [row, ...rowsOfLoop(kernel, `${number}.`)] : [row];
  });
  const copies = plan.copies.map(({ from, bytes, stage, first: before }, i): Row => {
    const how = before ? ", before all else" : stage === undefined ? "" : ", by way of a stage";
    const label = `copy to its place${how}`;
    return {
      number: `${prefix}${first + plan.kernels.length + i}`,
      label,
      over: describe(from.root),
      reads: bytes,
      writes: bytes,
    };
  });
  return [...kernels, ...copies];
}

/** What the steps of a loop compute side by side, and what they then do in turn. */
function rowsOfLoop({ own, body }: ScanKernel, prefix: string): Row[] {
  if (own === undefined) return rowsOf(body!.plan, prefix);
  const { kernels, copies } = own.plan;
  const rest = rowsOf(body!.plan, prefix, kernels.length + copies.length);
  return [...rowsOf(own.plan, prefix), ...rest.map((row) => ({ ...row, label: `in turn: ${row.label}` }))];
}

/** What a kernel runs over, and the elements it touches: each once, operands of routines whole, all steps of a scan. */
function traffic(kernel: Kernel, plan: Plan): Pick<Row, "over" | "reads" | "writes"> {
  switch (kernel.kind) {
    case "pointwise": {
      const { shape, nodes, stores } = kernel;
      const dtype = (stores[0]?.value ?? nodes.at(-1)?.outputs[0])!.dtype;
      const results = stores.map(({ value }) => value);
      return {
        over: describe({ shape, dtype }),
        reads: elementsRead(plan, externalValues(plan, nodes, results)),
        writes: total(stores.map(({ value }) => value)),
      };
    }
    case "reduction": {
      const { node, nodes } = kernel;
      const [input] = node.inputs;
      return {
        over: describe(input!),
        reads: elementsRead(plan, externalValues(plan, nodes, [input!])),
        writes: total(node.outputs),
      };
    }
    case "routine": {
      const { inputs, outputs } = kernel.node;
      return { over: inputs.map(describe).join(", "), reads: total(inputs), writes: total(outputs) };
    }
    case "scan": {
      const { inputs, outputs, params } = kernel.node;
      const { apart } = kernel;
      const over = `${params.length} steps${apart === undefined ? "" : `, ${apart.steps} side by side`}`;
      return { over, reads: total(inputs), writes: total(outputs) };
    }
  }
}

const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * byteSize[dtype];
const total = (values: readonly Value[]): number => values.reduce((sum, value) => sum + bytesOf(value), 0);

/** Bytes behind the views of values: what a view repeats counts once. */
function elementsRead(plan: Plan, values: readonly Value[]): number {
  const views = new Set(values.map((value) => plan.views.get(value)!));
  return [...views].reduce((sum, { root, shape, strides }) => {
    const distinct = shape.filter((_, axis) => strides[axis] !== 0);
    return sum + sizeOf(distinct) * byteSize[root.dtype];
  }, 0);
}

function inBytes(count: number): string {
  const power = count < 1e4 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  return power === 0 ? `${count} B` : `${(count / 1000 ** power).toPrecision(3)} ${["", "kB", "MB", "GB"][power]}`;
}
