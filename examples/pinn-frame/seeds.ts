// What examples do beside their problem: train in two stages, with three seeds, show progress, and print errors.
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import type { Report } from "@hooke/pinn";
import type { Backend } from "@hooke/runtime";
import type { Training, Windows } from "./training.ts";
import { type Watch, watched } from "./watch.ts";

/** The size that the command line asks for: `--small` is that of the tests. */
export function sizeOf<Size>({ full, small }: { readonly full: Size; readonly small: Size }): Size {
  return parseArgs({ options: { small: { type: "boolean" } } }).values.small ? small : full;
}

/** What {@link threeSeeds} runs. */
export interface Study<Size extends Pick<Training, "steps">, Result> {
  /** Distinguishes it from others that are printed beside it. */
  readonly label?: string;
  readonly settings: Size;
  readonly solve: (backend: Backend, settings: Size, seed: number, watch: Watch) => Promise<Result>;
  /** The relative error, or several by name. */
  readonly errors: (solved: Result) => Promise<number | Readonly<Record<string, number>>>;
  /** Ends it: a seed that it stops is reported as far as it came, and those before it are summed up. */
  readonly signal?: AbortSignal;
}

/**
 * Solves with the seeds 0, 1 and 2; prints reports, then errors, their median and the worst.
 *
 * @throws the signal's reason where that ended it
 */
export async function threeSeeds<
  Size extends Pick<Training, "steps"> & Partial<Windows>,
  Result extends { report: Report },
>({ label = "", settings, solve, errors, signal }: Study<Size, Result>): Promise<void> {
  const found: Readonly<Record<string, number>>[] = [];
  for (const seed of [0, 1, 2]) {
    const solved = await watched(`${label} seed ${seed}`.trim(), settings, signal, (watch) =>
      solve(wasmBackend(), settings, seed, watch),
    );
    console.log(`${solved.report}\n`);
    if (signal?.aborted) break;
    const error = await errors(solved);
    found.push(typeof error === "number" ? { error } : error);
  }
  if (found.length > 0) console.log(tableOf(label, found));
  signal?.throwIfAborted();
}

/** A row a seed, a column an error; below, medians and the worst. */
function tableOf(label: string, found: readonly Readonly<Record<string, number>>[]): string {
  const names = Object.keys(found[0]!);
  const sorted = names.map((name) => found.map((each) => each[name]!).sort((a, b) => a - b));
  const rows: (readonly [string, readonly number[]])[] = [
    ...found.map((each, seed) => [`seed ${seed}`, names.map((name) => each[name]!)] as const),
    ["median", sorted.map((numbers) => numbers[Math.floor(numbers.length / 2)]!)],
    ["worst", sorted.map((numbers) => numbers.at(-1)!)],
  ];
  const cells = [
    [label, ...names],
    ...rows.map(([name, numbers]) => [name, ...numbers.map((n) => n.toExponential(2))]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join("  ")).join("\n");
}
