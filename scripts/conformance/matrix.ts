// The conformance matrix as Markdown: a row for each primitive, function, layer and group of checks, a column for each backend and
// environment; layers in one table by package.
import type { PrimitiveName } from "@hooke/runtime";
import type { CheckResult } from "@hooke/testkit/suite";

/** What one backend did in one environment, or why it could not run. */
export type Column = { readonly title: string } & (
  | { readonly results: readonly CheckResult[] }
  | { readonly absent: string }
);

/** Where the figures come from. */
export interface Origin {
  /** ISO date. */
  readonly date: string;
  readonly versions: readonly string[];
  /** How far a primitive's floats may be off, in words. */
  readonly tolerance: (primitive: PrimitiveName) => string;
}

interface Row {
  readonly title: string;
  /** Whether a result belongs to the row. */
  has(result: CheckResult): boolean;
}

/** The page. Its order depends on the suite and the columns alone. */
export function matrix(columns: readonly Column[], { date, versions, tolerance }: Origin): string {
  const reasons: string[] = [];
  const all = columns.flatMap((column) => ("results" in column ? column.results : []));
  const primitives = unique(all.filter(({ group }) => group === "primitives").map(({ name }) => name));
  const functions = unique(all.filter(({ group }) => group === "functions").map(functionOf));
  const rest = unique(all.map(({ group }) => group)).filter((group) => !["primitives", "functions"].includes(group));
  const packages = rest.filter(isPackage);
  const groups = rest.filter((group) => !isPackage(group));
  const primitiveRows = primitives.map(
    (name): Row => ({ title: `\`${name}\``, has: (r) => r.group === "primitives" && r.name === name }),
  );
  const functionRows = functions.map(
    (title): Row => ({
      title,
      has: (r) => r.group === "functions" && functionOf(r) === title,
    }),
  );
  const groupRows = groups.map((title): Row => ({ title, has: (r) => r.group === title }));
  const layerRows = (owner: string): Row[] =>
    unique(all.filter(({ group }) => group === owner).map(({ name }) => name)).map(
      (title): Row => ({ title, has: ({ group, name }) => group === owner && name === title }),
    );
  const total: Row = { title: "all", has: () => true };
  const tolerances = new Map<string, string[]>();
  for (const name of primitives) {
    const words = tolerance(name as PrimitiveName);
    tolerances.set(words, [...(tolerances.get(words) ?? []), `\`${name}\``]);
  }
  const tables = [
    "## Primitives\n",
    ...table("primitive", primitiveRows, columns, reasons),
    "\n## Functions of several primitives, with gradients of three orders\n",
    ...table("function", functionRows, columns, reasons),
    "\n## Layers, with states and gradients, in inference and in training",
    ...packages.flatMap((name) => [`\n### ${name}\n`, ...table("layer", layerRows(name), columns, reasons)]),
    "\n## Programs and buffers\n",
    ...table("checks", [...groupRows, total], columns, reasons),
  ];
  return `${[
    "# Conformance",
    "",
    "Every backend against the reference interpreter: the suite of `@hooke/testkit`, written by `npm run conformance`.",
    "A cell counts cases: those that pass, those that are skipped with a reason below, those that fail.",
    "",
    `${date}. ${versions.join("; ")}.`,
    "",
    ...tables,
    "",
    "## Tolerances",
    "",
    "How far floats may be from the reference, relative to what is named; integers and booleans must agree exactly, special",
    "values (NaN, infinities) must be the same. Programs state theirs in `packages/testkit/src/programs`: at most 2e-3 (f32) and 1e-9 (f64). Layers: 1e-4",
    "(f32) and 1e-11 (f64) of the largest element of an array, or of 1.",
    "",
    ...[...tolerances].map(([words, names]) => `- ${words}: ${names.join(", ")}`),
    "",
    "## Reasons",
    "",
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    ...(reasons.length === 0 ? ["None: nothing is skipped."] : []),
  ].join("\n")}\n`;
}

/** What a check of the group "functions" is about: its name without the dtype. */
export const functionOf = ({ name }: Pick<CheckResult, "name">): string => name.replace(/, [a-z]+\d*$/, "");

/** Whether a group of checks is of the layers of a package. */
const isPackage = (group: string): boolean => group.startsWith("@");

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

function table(heading: string, rows: readonly Row[], columns: readonly Column[], reasons: string[]): string[] {
  const cells = [
    [heading, ...columns.map(({ title }) => title)],
    ...rows.map((row) => [row.title, ...columns.map((column) => cell(row, column, reasons))]),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const [head, ...body] = cells.map((line) => `| ${line.map((text, i) => text.padEnd(widths[i]!)).join(" | ")} |`);
  return [head!, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body];
}

function cell(row: Row, column: Column, reasons: string[]): string {
  if ("absent" in column) return `not run (${numberOf(column.absent, reasons)})`;
  const results = column.results.filter((result) => row.has(result));
  const problems = results.flatMap((result) => result.problems);
  const ran = results.reduce((sum, result) => sum + result.ran, 0);
  const skipped = results.flatMap((result) => result.skipped);
  const parts: string[] = [];
  if (problems.length > 0) parts.push(`**fail**: ${problems.length} problems in ${ran}`);
  else if (ran > 0) parts.push(`${ran} pass`);
  if (skipped.length > 0) {
    const numbers = unique(skipped.map(({ reason }) => numberOf(reason, reasons))).sort((a, b) => a - b);
    parts.push(`${skipped.length} skip (${numbers.join(", ")})`);
  }
  return parts.join(", ");
}

/** Number of a reason in the list at the end of the page, counted from 1. */
function numberOf(reason: string, reasons: string[]): number {
  if (!reasons.includes(reason)) reasons.push(reason);
  return reasons.indexOf(reason) + 1;
}
