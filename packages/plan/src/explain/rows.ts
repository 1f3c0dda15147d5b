// A plan as rows: kernels in the order they run, with what they run over and the bytes they read and write.
import { describe, type Value } from "@hooke/runtime";
import type { FinalCopy, Kernel, Plan, ScanKernel } from "../kernel.ts";
import type { Layout } from "../layout.ts";
import { externalValues } from "../reads.ts";
import { labelOf, type WayOf } from "./label.ts";

/** What a row stands for. */
export type Work = Kernel | FinalCopy;

export interface Row {
  readonly work: Work;
  /** Its place: `3.0` is the first kernel in the body of the loop `3`. */
  readonly number: string;
  readonly label: string;
  /** Its arrays; into how many pieces it is divided, and what is computed at the same time. */
  readonly over: string;
  /** Bytes of the elements that it reads and writes, each counted once; of a loop, in all steps. */
  readonly reads: number;
  readonly writes: number;
  /** How often a run computes it: the steps of the loops around it. */
  readonly times: number;
  /** What runs it, where a backend has several engines; undefined of copies, and of loops, whose bodies say it. */
  readonly engine: string | undefined;
}

/** What a backend has to say of the kernels of a plan. */
export interface Notes {
  /** Of the program: what its arrays take. */
  readonly layout: Layout;
  readonly wayOf?: WayOf | undefined;
  /** What else there is to say of a kernel: into how many pieces it is divided, in how many launches it is computed. */
  readonly remarksOf?: ((kernel: Kernel) => readonly string[]) | undefined;
  /** What runs a kernel. Default: there is one engine, which goes without saying. */
  readonly engineOf?: ((kernel: Exclude<Kernel, ScanKernel>) => string) | undefined;
}

/** Kernels, each followed by those of its body, and the copies after them. */
export const rowsOf = (plan: Plan, notes: Notes): Row[] => rowsOfPlan(plan, { notes, prefix: "", times: 1 }, 0);

/** The first and the last of many. */
const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names[0]} to ${names.at(-1)}` : names.join(" and ");

interface Where {
  readonly notes: Notes;
  readonly prefix: string;
  readonly times: number;
}

/** @param first the number of the first row */
function rowsOfPlan(plan: Plan, where: Where, first: number): Row[] {
  const { prefix, times, notes } = where;
  const stages = Map.groupBy(plan.kernels.keys(), (i) => plan.stages[i] ?? i);
  const kernels = plan.kernels.flatMap((kernel, i): Row[] => {
    const number = `${prefix}${first + i}`;
    const { over, ...bytes } = traffic(kernel, plan, notes.layout);
    const stage = plan.stages[i] ?? i;
    const others = stages.get(stage)!.filter((other) => other !== i);
    const named = others.map((other) => prefix + (first + other));
    const blocks = plan.blocks.get(stage);
    const how = [
      over,
      ...(notes.remarksOf?.(kernel) ?? []),
      ...(others.length === 0
        ? []
        : [blocks ? `in ${blocks} blocks with ${listed(named)}` : `beside ${named.join(" and ")}`]),
    ];
    const row = {
      work: kernel,
      number,
      label: labelOf(kernel, notes.wayOf),
      over: how.join("; "),
      times,
      engine: kernel.kind === "scan" ? undefined : notes.engineOf?.(kernel),
      ...bytes,
    };
    if (kernel.kind !== "scan") return [row];
    const steps = times * kernel.node.params.length * (kernel.blocks?.count ?? 1);
    return [row, ...rowsOfLoop(kernel, { notes, prefix: `${number}.`, times: steps })];
  });
  const copies = plan.copies.map(
    (copy, i): Row => ({
      work: copy,
      number: `${prefix}${first + plan.kernels.length + i}`,
      label: `copy to its place${copy.first ? ", before all else" : copy.stage === undefined ? "" : ", by way of a stage"}`,
      over: describe(copy.from.root),
      reads: copy.bytes,
      writes: copy.bytes,
      times,
      engine: undefined,
    }),
  );
  return [...kernels, ...copies];
}

/** What the steps of a loop compute side by side, and what they then do in turn. */
function rowsOfLoop({ own, body }: ScanKernel, where: Where): Row[] {
  if (own === undefined) return rowsOfPlan(body!.plan, where, 0);
  const { kernels, copies } = own.plan;
  const rest = rowsOfPlan(body!.plan, where, kernels.length + copies.length);
  return [...rowsOfPlan(own.plan, where, 0), ...rest.map((row) => ({ ...row, label: `in turn: ${row.label}` }))];
}

/** What a kernel runs over, and the elements it touches: each once, operands of routines whole, all steps of a scan. */
function traffic(kernel: Kernel, plan: Plan, layout: Layout): Pick<Row, "over" | "reads" | "writes"> {
  const total = (values: readonly Value[]): number => values.reduce((sum, value) => sum + layout.bytesOf(value), 0);
  const read = (values: readonly Value[]): number => elementsRead(plan, layout, values);
  switch (kernel.kind) {
    case "pointwise": {
      const { shape, nodes, stores } = kernel;
      const dtype = (stores[0]?.value ?? nodes.at(-1)?.outputs[0])!.dtype;
      const results = stores.map(({ value }) => value);
      return {
        over: describe({ shape, dtype }),
        reads: read(externalValues(plan, nodes, results)),
        writes: total(stores.map(({ value }) => value)),
      };
    }
    case "reduction": {
      const { node, nodes } = kernel;
      const [input] = node.inputs;
      return {
        over: describe(input!),
        reads: read(externalValues(plan, nodes, [input!])),
        writes: total(node.outputs),
      };
    }
    case "routine": {
      const { inputs, outputs } = kernel.node;
      const over = inputs.map(describe).join(", ");
      const { nodes, stores } = kernel;
      if (nodes === undefined || stores === undefined) return { over, reads: total(inputs), writes: total(outputs) };
      const results = stores.map(({ value }) => value);
      const others = externalValues(plan, nodes, results).filter((value) => plan.views.get(value)!.root !== outputs[0]);
      return { over, reads: total(inputs) + read(others), writes: total(results) };
    }
    case "scan": {
      const { inputs, outputs, params } = kernel.node;
      const { apart, blocks } = kernel;
      const over = [`${params.length} steps`];
      if (apart !== undefined) over.push(`${apart.steps} side by side`);
      if (blocks !== undefined) over.push(`in ${blocks.count} blocks of rows`);
      return { over: over.join(", "), reads: total(inputs), writes: total(outputs) };
    }
  }
}

/** Bytes behind the views of values: what a view repeats counts once. */
function elementsRead(plan: Plan, layout: Layout, values: readonly Value[]): number {
  const views = new Set(values.map((value) => plan.views.get(value)!));
  return [...views].reduce((sum, { root, shape, strides, packed }) => {
    const distinct = shape.filter((_, axis) => strides[axis] !== 0);
    return sum + layout.bytesOf({ shape: distinct, dtype: root.dtype }) / (packed ? 2 : 1);
  }, 0);
}
