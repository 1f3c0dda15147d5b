// What memory a program needs while it runs, beside what it cannot do without.
import type { Plan } from "@hooke/plan";
import { inBytes, rowsOf, tableLines, type Work } from "@hooke/plan/explain";
import { type Aval, describe, type Program, type Value } from "@hooke/runtime";
import { arrayBytes } from "../platform.ts";
import type { NotingEmitter } from "./noting.ts";

/** The memory of a program, in bytes. */
export interface ProgramMemory {
  /** All of it while the program runs, with the arrays that it is given and gives. */
  readonly peak: number;
  /** Of which so much is for what. */
  readonly parts: {
    readonly inputs: number;
    /** Without those that take over a donated input. */
    readonly outputs: number;
    readonly constants: number;
    /** Arrays between kernels, which share memory where one has ended before the other begins; steps side by side have some in each thread. With room that is left between them for convolutions, and the addresses of arrays. */
    readonly temporaries: number;
    /**
     * What kernels use for themselves where arrays leave no gap for it: rearranged operands of products and patches of images of every
     * thread, partial results of the pieces of a kernel. With the addresses of all that.
     */
    readonly scratch: number;
  };
  /** Inputs, outputs, constants and, of the temporaries, those that are needed at the same time: no order of places in memory takes less. */
  readonly bound: number;
  /** The temporaries of that time, the largest first, each with the kernel that writes it. */
  readonly alive: readonly { readonly label: string; readonly array: string; readonly bytes: number }[];
  /** The same for reading. */
  readonly text: string;
}

const total = (arrays: readonly Aval[]): number => arrays.reduce((sum, array) => sum + arrayBytes(array), 0);

/** Temporaries shown in the text. */
const mostShown = 10;

/**
 * @param threads that compute with memory of their own
 * @param donate the input whose memory each output takes over, if any
 */
export function memoryOf(
  program: Program,
  plan: Plan,
  emitter: NotingEmitter,
  threads: number,
  donate: readonly (number | null)[],
): ProgramMemory {
  const { layout, rooms, scratchBytes } = emitter;
  const constants = total(layout.constants.map(({ array }) => array));
  const parts = {
    inputs: total(program.inputs),
    outputs: total(program.outputs.filter((_, i) => typeof donate[i] !== "number")),
    constants,
    temporaries: layout.bytes - constants + threads * layout.ownBytes,
    scratch: rooms ? rooms.beyond(plan, threads) + threads * rooms.listBytes : threads * scratchBytes,
  };
  const alive = aliveIn(plan, threads, writersOf(plan, emitter)).toSorted((a, b) => b.bytes - a.bytes);
  const needed = alive.reduce((sum, { bytes }) => sum + bytes, 0);
  const bound = parts.inputs + parts.outputs + parts.constants + needed;
  const peak = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  return { peak, parts, bound, alive, text: textOf({ peak, parts, bound, alive }) };
}

type Alive = ProgramMemory["alive"][number];

/** The labels of the kernels that write arrays, by the arrays. */
function writersOf(plan: Plan, emitter: NotingEmitter): ReadonlyMap<Value, string> {
  return new Map(
    rowsOf(plan, emitter).flatMap(({ work, number, label }) =>
      writtenBy(work).map((value) => [value, `${number}: ${label}`] as const),
    ),
  );
}

function writtenBy(work: Work): readonly Value[] {
  if (!("kind" in work)) return [];
  switch (work.kind) {
    case "pointwise":
      return work.stores.map(({ target }) => target.root);
    case "scan":
      return [...work.node.outputs, ...(work.apart?.passed ?? [])];
    case "reduction":
    case "routine":
      return work.node.outputs;
  }
}

/** The temporaries at the time when they are most bytes. */
function aliveIn({ lifetimes, kernels, stages }: Plan, threads: number, writers: ReadonlyMap<Value, string>): Alive[] {
  const spans = lifetimes.map(({ of, from, to }) => {
    const arrays =
      "kind" in of
        ? aliveIn(of.body!.plan, threads, writers)
        : [
            {
              label: writers.get(of) ?? "an output, until what it displaces was read",
              array: describe(of),
              bytes: arrayBytes(of),
            },
          ];
    return { from, to, arrays };
  });
  for (const [i, kernel] of kernels.entries()) {
    if (kernel.kind !== "scan") continue;
    const own = [kernel.own, kernel.body].find((body) => body?.plan.own);
    if (own === undefined) continue;
    const stage = stages[i] ?? i;
    const arrays = aliveIn(own.plan, threads, writers).map(({ label, array, bytes }) => ({
      label,
      array: `${array} in each of ${threads} threads`,
      bytes: threads * bytes,
    }));
    spans.push({ from: stage, to: stage, arrays });
  }
  const bytesIn = (arrays: readonly Alive[]): number => arrays.reduce((sum, { bytes }) => sum + bytes, 0);
  // Arrays come and go with kernels: most are there where one begins.
  const changes = spans.flatMap(({ from, to, arrays }) => [
    { at: from, bytes: bytesIn(arrays), ends: 0 },
    { at: to, bytes: -bytesIn(arrays), ends: 1 },
  ]);
  let [now, most, when] = [0, 0, 0];
  for (const { at, bytes } of changes.toSorted((a, b) => (a.at === b.at ? a.ends - b.ends : a.at - b.at))) {
    now += bytes;
    if (now > most) [most, when] = [now, at];
  }
  return spans.filter(({ from, to }) => from <= when && when <= to).flatMap(({ arrays }) => arrays);
}

function textOf({ peak, parts, bound, alive }: Omit<ProgramMemory, "text">): string {
  const listed = Object.entries(parts)
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${inBytes(bytes)} of ${name}`);
  const rest = alive.slice(mostShown);
  const table = alive.slice(0, mostShown).map(({ label, array, bytes }) => [label, array, inBytes(bytes)]);
  return [
    `${inBytes(peak)} at most: ${listed.join(", ")}; ${inBytes(bound)} are needed at the same time`,
    ...(table.length === 0 ? [] : tableLines([["temporary of", "array", ""], ...table], 2)),
    ...(rest.length === 0
      ? []
      : [`and ${rest.length} more: ${inBytes(rest.reduce((sum, { bytes }) => sum + bytes, 0))}`]),
  ].join("\n");
}
