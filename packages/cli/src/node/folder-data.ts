// Folders in place of tables, for the commands: data to learn from, tables that a model predicts for, files that rows are of.
import type { Fitted, InputSchema } from "@hooke/baselines";
import { columnNames, columnOf, type Dataset, type Table, takeTableRows } from "@hooke/data";
import { cutoffIn } from "@hooke/model-advisor/graphs";
import { fail, quoted } from "@hooke/runtime";
import { count, names, type Option, positive, type Streams } from "./command.ts";
import {
  type Folder,
  folderAt,
  historiesAmong,
  isFolder,
  type Labelled,
  labelled,
  labelling,
  type ReadFiles,
} from "./folders.ts";
import { historiesIn, historyForm } from "./histories.ts";
import { imageColumns, imaging, knownImages, labelledImages } from "./images.ts";
import { asTaught } from "./molecules.ts";
import { tableIn, withTarget } from "./reading.ts";
import { structuresIn } from "./structures.ts";

type Options = Readonly<Record<string, unknown>>;

/** Options of commands that learn from folders. */
export const foldering: Readonly<Record<string, Option>> = {
  ...labelling,
  ...imaging,
  cutoff: {
    value: "LENGTH",
    read: positive,
    does: "of structures: atoms nearer than this are neighbours; default 5, of angstroms",
  },
  channels: {
    value: "A,B,...",
    read: names,
    does: "of histories: the columns that are told at each step; default all",
  },
  steps: {
    value: "NUMBER",
    read: count,
    does: "of histories: shortens them to so many spans, with the mean, the least and the greatest value of each",
  },
};

/** What commands learn from, and their options that remain. */
export interface ToLearnFrom {
  readonly data: Table | Dataset;
  readonly options: Options;
}

/** A folder with what is known of its files: the target, groups, and the columns of its table that `--inputs` names. */
export async function folderToLearnFrom(path: string, options: Options, streams: Streams): Promise<ToLearnFrom> {
  const folder = await folderAt(path, options, streams);
  const { kind } = folder;
  if (kind === "images") return { data: await labelledImages(path, options, streams), options };
  const target = options.target as string;
  const known = await labelled(folder, target, options, streams);
  const { inputs = [], groups, ...others } = options as { readonly inputs?: string[]; readonly groups?: string };
  const read = await columnsOf(folder, known.files, options, undefined, streams);
  const own = columnNames(read.table);
  const isOwn = groups === undefined || groups === "none" || own.includes(groups);
  const data = beside(read, known, [...new Set([...inputs, ...(isOwn ? [] : [groups]), target])]);
  const isSequence = kind === "histories" && { structure: "sequences" };
  return { data, options: { ...others, ...(groups !== undefined && { groups }), ...isSequence } };
}

/** The files of a folder as rows that a model predicts for, with their names. */
export async function folderToPredict(
  path: string,
  options: Options,
  { inputs }: Pick<Fitted, "inputs">,
  streams: Streams,
): Promise<{ readonly table: Table; readonly names: readonly string[] }> {
  const folder = await folderAt(path, options, streams);
  const { kind, files } = folder;
  if (kind === "images") return imageColumns(path, options, streams);
  const wanted = inputs.map(({ name }) => name);
  const labels = typeof options.labels === "string";
  const known = labels ? await labelled(folder, undefined, options, streams) : undefined;
  const unlabelled = () => (kind === "histories" ? historiesAmong(folder, streams) : files);
  const read = await columnsOf(folder, known?.files ?? (await unlabelled()), options, inputs, streams);
  const missing = wanted.filter((name) => !columnNames(read.table).includes(name));
  if (known === undefined && missing.length > 0) {
    const cure = "give the table that names the files and holds them: --labels FILE.csv";
    fail("predict", `the model learned from ${quoted(missing.slice(0, 5))}, too; ${cure}.`, "mismatch");
  }
  return { table: known === undefined ? read.table : beside(read, known, missing), names: read.files };
}

/** The rows of a table, or the files of a folder, with the columns that a model learned from: those whose target is known, where it is known of any. */
export async function rowsToCompare(path: string, options: Options, fitted: Fitted, streams: Streams): Promise<Table> {
  if (await isFolder(path)) return folderToCompare(path, options, fitted, streams);
  return asTaught(withTarget(await tableIn(path, options, streams), fitted.target.name, streams), fitted);
}

/** The files whose target is known, with it; of images without a table, whose pixels can be explained all the same, all without it. */
async function folderToCompare(
  path: string,
  options: Options,
  { inputs, target }: Pick<Fitted, "inputs" | "target">,
  streams: Streams,
): Promise<Table> {
  const folder = await folderAt(path, options, streams);
  if (folder.kind === "images") return knownImages(path, options, target, streams);
  const known = await labelled(folder, target.name, options, streams);
  const read = await columnsOf(folder, known.files, options, inputs, streams);
  const { groups } = options as { readonly groups?: string };
  const wanted = [...inputs.map(({ name }) => name), ...(groups === undefined ? [] : [groups])];
  const missing = wanted.filter((name) => !columnNames(read.table).includes(name));
  return beside(read, known, [...new Set([...missing, target.name])]);
}

/** Columns of what is in the files. @param inputs of the model that they are for */
async function columnsOf(
  folder: Folder,
  files: readonly string[],
  options: Options,
  inputs: readonly InputSchema[] | undefined,
  streams: Streams,
): Promise<ReadFiles> {
  if (folder.kind === "histories") return historiesIn(folder, files, options, inputs && historyForm(inputs), streams);
  const cutoff = inputs === undefined ? (options.cutoff as number | undefined) : cutoffIn(inputs);
  return structuresIn(folder, files, cutoff, streams);
}

/** With columns of the table that names the files; lines are that table's. */
function beside(read: ReadFiles, { table, files }: Labelled, wanted: readonly string[]): Table {
  const rowOf = new Map(files.map((file, row) => [file, row]));
  const rows = read.files.map((file) => rowOf.get(file)!);
  const known = takeTableRows(table, rows);
  const taken = wanted.find((name) => read.table.columns.some((column) => column.name === name));
  if (taken !== undefined) {
    const isNamed = columnNames(table).includes(taken);
    const said = isNamed
      ? `has a column "${taken}", as the files have; rename it`
      : `has no column "${taken}"; that of the files is an input without being named`;
    fail(table.source, `${said}.`, "mismatch");
  }
  const columns = [...read.table.columns, ...wanted.map((name) => columnOf(known, name))];
  return { ...known, columns };
}
