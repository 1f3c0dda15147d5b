// What the network is taught on: the rows of the table that can be used, those held back, and how columns become numbers.
import {
  columnNames,
  type Dataset,
  fitPreprocessing,
  type Preprocessing,
  split,
  standardize,
  type Table,
  tableDataset,
  take,
  takeTableRows,
} from "@hooke/data";
import { fail } from "@hooke/runtime";
import { columnsOf, type DataSettings } from "../../data/fields.ts";
import { loadFile } from "../../data/files.ts";
import { tableOfFile } from "../../data/reading.ts";
import type { Settings } from "./settings.ts";

export interface Samples {
  /** The training rows, of the target and the inputs alone. */
  readonly table: Table;
  readonly inputs: readonly string[];
  /** Inputs that are names. */
  readonly names: readonly string[];
  readonly data: { readonly train: Dataset; readonly validation: Dataset };
  /** Of each row held back: what it belongs to, a group or its inputs. */
  readonly heldBelonging: readonly string[];
  /** To mean 0 and deviation 1 over the training rows. */
  readonly preprocessing: Preprocessing;
  /** Rows with a missing cell, which are left out. */
  readonly left: number;
}

/** With fewer rows the fifth that is held back says nothing. */
const leastRows = 20;
/** Names of a column that are learned each by itself. */
const mostNames = 30;

const isMissing = (value: string | number): boolean => value === "" || Number.isNaN(value);

/** @throws on a table that no surrogate can be learned from, with what to do */
export function samplesOf(whole: Table, settings: DataSettings & Pick<Settings, "seed">): Samples {
  const { target, groups, seed } = settings;
  const { source } = whole;
  const out = new Set([...columnsOf(settings.left), target, groups]);
  const inputs = columnNames(whole).filter((name) => !out.has(name));
  const used = new Set([...inputs, target, ...(groups === "" ? [] : [groups])]);
  const columns = whole.columns.filter(({ name }) => used.has(name));
  const isWhole = (row: number): boolean => columns.every(({ values }) => !isMissing(values[row]!));
  const kept = Array.from({ length: whole.rowCount }, (_, row) => row).filter(isWhole);
  const known = columns.find(({ name }) => name === target);
  if (known?.type === "text") {
    const cure = "Choose a column of numbers, or take the page Advisor, which tells classes apart.";
    fail(source, `the target "${target}" holds names, and a surrogate predicts a number. ${cure}`, "invalid-data");
  }
  if (kept.length < leastRows) {
    const missing = kept.length < whole.rowCount ? `, and ${whole.rowCount - kept.length} with missing cells` : "";
    const cure = "Add rows, or leave out columns where cells are missing.";
    fail(source, `${kept.length} rows${missing}: a network takes ${leastRows}. ${cure}`, "invalid-data");
  }
  if (known !== undefined && kept.every((row) => known.values[row] === known.values[kept[0]!])) {
    const cure = "Choose a column whose values differ.";
    fail(source, `the target "${target}" is ${known.values[kept[0]!]} in every row. ${cure}`, "invalid-data");
  }
  const named = new Set(columnsOf(settings.names));
  const names = columns.filter(({ name, type }) => inputs.includes(name) && (type === "text" || named.has(name)));
  for (const { name, values } of names) {
    const count = new Set<string | number>(kept.map((row) => values[row]!)).size;
    if (count > mostNames) {
      const cure = 'Set it to "left out" under Data, or let rows belong together by it.';
      fail(source, `column "${name}" has ${count} names, and ${mostNames} can be learned. ${cure}`, "invalid-data");
    }
  }
  const table = takeTableRows({ ...whole, columns }, kept);
  const oneHot = names.map(({ name }) => name);
  const all = tableDataset(table, { target, inputs, oneHot });
  const together = belonging(table, inputs, groups);
  const rows = split(kept.length, { train: "rest", validation: 0.2 }, seed, together);
  const data = { train: take(all, rows.train), validation: take(all, rows.validation) };
  return {
    ...{ inputs, names: oneHot, data, left: whole.rowCount - kept.length },
    table: takeTableRows(table, [...rows.train]),
    heldBelonging: Array.from(rows.validation, (row) => together[row]!),
    preprocessing: fitPreprocessing(data.train, { inputs: standardize(), targets: standardize() }),
  };
}

/** What rows belong together by: the groups, or equal inputs, so that no row held back is a training row's double. */
function belonging({ columns, rowCount }: Table, inputs: readonly string[], groups: string): string[] {
  const by = columns.filter(({ name }) => (groups === "" ? inputs.includes(name) : name === groups));
  return Array.from({ length: rowCount }, (_, row) => JSON.stringify(by.map(({ values }) => values[row])));
}

let opened: { readonly of: string; readonly samples: Promise<Samples> } | undefined;

/** The samples of the settings' file, read once. @throws as {@link samplesOf}, and on a file that cannot be read */
export function loadSamples(settings: DataSettings & Pick<Settings, "seed">): Promise<Samples> {
  const { data, target, groups, left, names, typed, missing, delimiter, decimal, units, seed } = settings;
  const of = JSON.stringify([data, target, groups, left, names, typed, missing, delimiter, decimal, units, seed]);
  if (opened?.of !== of) {
    const samples = loadFile(data).then((file) => samplesOf(tableOfFile(file, settings), settings));
    samples.catch(() => {
      opened = undefined;
    });
    opened = { of, samples };
  }
  return opened.samples;
}
