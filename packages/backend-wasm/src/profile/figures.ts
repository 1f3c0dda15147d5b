// A profile as figures of a report: plain data of the kinds `bars` and `table` of @hooke/report.
import type { KernelProfile, Measured } from "./kernel-profile.ts";

/** Bars that are drawn. */
const mostBars = 12;

/** Figures for a report. */
export type ProfileFigures = readonly [
  {
    readonly kind: "bars";
    readonly title: string;
    readonly caption: string;
    readonly quantity: string;
    readonly bars: readonly { readonly label: string; readonly value: number }[];
  },
  {
    readonly kind: "table";
    readonly title: string;
    readonly caption: string;
    readonly columns: readonly { readonly label: string; readonly unit?: string }[];
    readonly rows: readonly (readonly (string | number | null)[])[];
  },
];

export function figuresOf({ kernels, milliseconds, runs, machine }: Measured): ProfileFigures {
  const sorted = kernels.toSorted((a, b) => b.milliseconds - a.milliseconds);
  const { gigaflops } = machine.all;
  const threads = machine.all.threads === 1 ? "1 thread" : `${machine.all.threads} threads`;
  const of = `${milliseconds.toPrecision(3)} ms a run, mean of ${runs}`;
  return [
    {
      kind: "bars",
      title: "Where the time goes",
      caption: `The kernels that take most of ${of}.`,
      quantity: "share of the time (%)",
      bars: sorted.slice(0, mostBars).map((kernel) => ({
        label: `${kernel.number}: ${kernel.label}`,
        value: (100 * kernel.milliseconds) / milliseconds,
      })),
    },
    {
      kind: "table",
      title: "Kernels",
      caption:
        `In the order they run. The floor is what operations or bytes take at the rates of this machine, at best ` +
        `${gigaflops.f32.toPrecision(3)} GFLOP/s of f32 on ${threads}.`,
      columns: [
        { label: "kernel" },
        { label: "over" },
        { label: "times" },
        { label: "threads" },
        { label: "time", unit: "ms" },
        { label: "operations", unit: "GFLOP/s" },
        { label: "memory", unit: "GB/s" },
        { label: "floor", unit: "% of the time" },
      ],
      rows: kernels.map(rowOf),
    },
  ];
}

function rowOf({ number, label, over, times, threads, milliseconds, operations, bytes, floor }: KernelProfile) {
  const rate = (amount: number): number | null =>
    amount === 0 || milliseconds === 0 ? null : amount / milliseconds / 1e6;
  const share = floor === 0 || milliseconds === 0 ? null : (100 * floor) / milliseconds;
  return [`${number}: ${label}`, over, times, threads, milliseconds, rate(operations), rate(bytes), share];
}
