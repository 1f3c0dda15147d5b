// A profile as a table: the kernels that take most first.
import { inBytes, tableLines } from "@hooke/plan/explain";
import type { KernelProfile, Measured } from "./kernel-profile.ts";
import type { Rates } from "./machine.ts";

/** Kernels that the table lists; what the rest takes stands below. */
const mostRows = 40;

const digits = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : "-");
/** With a number of places that follows from its size. */
export const inMilliseconds = (value: number): string => value.toFixed(value < 0.1 ? 4 : value < 10 ? 3 : 1);
const percent = (value: number): string =>
  Number.isFinite(value) ? `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %` : "-";
/** Of what is nothing at all: a dash. */
const rate = (amount: number, milliseconds: number): string =>
  amount === 0 || milliseconds === 0 ? "" : digits(amount / milliseconds / 1e6);

export function textOf(profile: Measured): string {
  const { kernels, milliseconds, runs, machine } = profile;
  const sorted = kernels.toSorted((a, b) => b.milliseconds - a.milliseconds);
  const rest = sorted.slice(mostRows);
  const table = [
    ["", "kernel", "over", "times", "threads", "ms", "share", "GFLOP/s", "GB/s", "of floor"],
    ...sorted.slice(0, mostRows).map((kernel) => cellsOf(kernel, milliseconds)),
  ];
  const { all } = machine;
  const floor = kernels.reduce((sum, kernel) => sum + kernel.floor, 0);
  const total = rest.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  return [
    `${inMilliseconds(milliseconds)} ms a run, mean of ${runs}; ${kernels.length} ${kernels.length === 1 ? "kernel" : "kernels"}; floor ${inMilliseconds(floor)} ms: ${percent(floor / milliseconds)}`,
    ...tableLines(table, 3),
    ...(rest.length === 0
      ? []
      : [`and ${rest.length} more: ${inMilliseconds(total)} ms, ${percent(total / milliseconds)}`]),
    `The machine at best, ${all.threads === 1 ? "1 thread" : `${all.threads} threads`}: ${ratesOf(all)}`,
  ].join("\n");
}

function cellsOf(
  { number, label, over, times, threads, operations, bytes, floor, ...kernel }: KernelProfile,
  all: number,
): string[] {
  const { milliseconds } = kernel;
  return [
    number,
    label,
    over,
    String(times),
    String(threads),
    inMilliseconds(milliseconds),
    percent(milliseconds / all),
    rate(operations, milliseconds),
    rate(bytes, milliseconds),
    floor === 0 || milliseconds === 0 ? "" : percent(floor / milliseconds),
  ];
}

const ratesOf = ({ gigaflops: { f32, f64 }, memory }: Rates): string =>
  `${digits(f32)} GFLOP/s of f32, ${digits(f64)} of f64; GB/s ${memory
    .map(({ bytes, gigabytes }) => `${digits(gigabytes)} within ${inBytes(bytes)}`)
    .join(", ")}`;
