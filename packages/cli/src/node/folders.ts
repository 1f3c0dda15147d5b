// Folders in place of tables: what their files are, and the table that says what is known of each.
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Column, cellsOf, columnNames, columnOf, type Table, takeTableRows } from "@hooke/data";
import { displayPath } from "@hooke/data/node";
import { fileNames } from "@hooke/io/node";
import { fail, quoted, suggestion } from "@hooke/runtime";
import type { Option, Streams } from "./command.ts";
import { tableIn, withTarget } from "./reading.ts";
import { statusLine } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

/** What the files of a folder may be, and how their names tell. */
export const fileKinds = {
  images: /\.(png|tiff?|jpe?g)$/i,
  structures: /\.(cif|vasp)$|(^|\/)(POSCAR|CONTCAR)[^/]*$/i,
  histories: /\.(csv|tsv|txt|dat)$/i,
} as const;

/** What the files of a folder are. */
export type FileKind = keyof typeof fileKinds;

/** Options of commands that learn from folders. */
export const labelling: Readonly<Record<string, Option>> = {
  labels: {
    value: "FILE.csv",
    does: 'of folders: the table that names their files and holds the target; default: the one among them that does; without one, folders of images name the classes, and the target is "class"',
  },
  file: { value: "COLUMN", does: "of folders: the column of --labels that names files; default: the one that does" },
};

/** Whether a path is a folder; where nothing is, who reads it says so. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** A folder whose files data are made of. */
export interface Folder {
  readonly path: string;
  readonly kind: FileKind;
  /** Their paths in the folder. */
  readonly files: readonly string[];
  /** The table of a file, read once. */
  readonly tableOf: (file: string) => Promise<Table>;
}

/** What the files of a folder are. @throws where data are made of none, or pictures lie beside structures */
export async function folderAt(path: string, options: Options, streams: Streams): Promise<Folder> {
  const all = await fileNames(path);
  const found = (Object.keys(fileKinds) as FileKind[])
    .map((kind) => ({ kind, files: all.filter((name) => fileKinds[kind].test(name)) }))
    .filter(({ files }) => files.length > 0);
  const where = displayPath(path);
  const [first, second] = found;
  if (first === undefined) {
    fail(
      where,
      "holds no file that can be learned from: images (.png, .tif, .jpg), structures (.cif, POSCAR, CONTCAR, .vasp), or histories (.csv, .tsv, .txt, .dat).",
      "invalid-data",
    );
  }
  // Tables beside images and structures say what is known of these.
  if (second !== undefined && second.kind !== "histories") {
    const count = `${first.files.length} images and ${second.files.length} structures (${quoted([first.files[0]!, second.files[0]!])}, ...)`;
    fail(where, `holds ${count}; keep one kind in a folder.`, "mismatch");
  }
  const tables = new Map<string, Promise<Table>>();
  const tableOf = (file: string): Promise<Table> => {
    const table = tables.get(file) ?? tableIn(join(path, file), options, streams);
    tables.set(file, table);
    return table;
  };
  return { path, ...first, tableOf };
}

/** What is known of files: rows of a table, the file of each, and that table's column that names them. */
export interface Labelled {
  readonly table: Table;
  readonly files: readonly string[];
  readonly column: string;
}

/** Columns of what is in files, and the files that could be read: a row each. */
export interface ReadFiles {
  readonly table: Table;
  readonly files: readonly string[];
}

/** How a file may be called: by its path, or without its ending; a POSCAR by the folder it is in, too. */
function callings(file: string): string[] {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
  const isNamedByFolder = folder !== "" && /^(POSCAR|CONTCAR)$/i.test(basename(file));
  return [file, file.replace(/\.[^./]+$/, ""), ...(isNamedByFolder ? [folder] : [])];
}

/** Rows of the table that says what is known of files, with the file of each. @param target undefined where it need not be known @throws where there is no such table, or none of the files is in it */
export async function labelled(
  folder: Folder,
  target: string | undefined,
  options: Options,
  streams: Streams,
): Promise<Labelled> {
  const { path, files } = folder;
  const called = calledBy(files);
  const read = await labelsFor(folder, called, target, options, streams);
  const table = target === undefined ? read : withTarget(read, target, streams);
  const column = columnOf(table, fileColumn(folder, table, called, options));
  const [rows, found, missing]: [number[], string[], string[]] = [[], [], []];
  const rowOf = new Map<string, number>();
  for (const [row, cell] of cellsOf(table, column).entries()) {
    const [file, ...more] = called.get(plain(cell)) ?? [];
    if (file === undefined) {
      missing.push(cell);
      continue;
    }
    if (more.length > 0) {
      fail(
        table.source,
        `line ${table.lines[row]}: "${cell}" may be ${quoted([file, ...more])}; write which.`,
        "invalid-data",
      );
    }
    const before = rowOf.get(file);
    if (before !== undefined) {
      const lines = `lines ${table.lines[before]} and ${table.lines[row]}`;
      fail(table.source, `${lines} both name "${file}"; leave one out.`, "invalid-data");
    }
    rowOf.set(file, row);
    rows.push(row);
    found.push(file);
  }
  const unlabelled = files.filter((file) => !rowOf.has(file) && file !== read.source);
  const where = displayPath(path);
  note(streams, missing, `named in ${table.source} and not in ${where}`);
  note(streams, unlabelled, `not named in ${table.source}`);
  return { table: takeTableRows(table, rows), files: found, column: column.name };
}

/** Says of what it is that it is left out. */
export function note({ messages }: Streams, left: readonly string[], because: string): void {
  if (left.length === 0) return;
  const shown = left.length <= 5 ? quoted(left) : `${quoted(left.slice(0, 5))} and ${left.length - 5} more`;
  messages.write(
    `Note: ${left.length === 1 ? "1 file is" : `${left.length} files are`} ${because}, and left out: ${shown}.\n`,
  );
}

const plain = (cell: string): string => cell.trim().replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/$/, "");

async function labelsFor(
  folder: Folder,
  called: ReadonlyMap<string, unknown>,
  target: string | undefined,
  options: Options,
  streams: Streams,
): Promise<Table> {
  if (typeof options.labels === "string" || target === undefined) {
    const table = await tableIn(options.labels as string, options, streams);
    if (target !== undefined) columnOf(table, target);
    return table;
  }
  const { files } = folder;
  const tables = await tablesOf(folder, called, streams);
  const where = displayPath(folder.path);
  const [first, ...more] = tables.filter((table) => columnNames(table).includes(target));
  if (first === undefined) {
    // One that names files says what is near to the target.
    if (tables.length === 1) columnOf(tables[0]!, target);
    const [are, them] = files.length === 1 ? ["1 file", "it"] : [`${files.length} files`, "them"];
    const held = `holds ${are} (${quoted(files.slice(0, 2))}${files.length > 2 ? ", ..." : ""}), and no table of ${them}`;
    const cure = `give the table that names ${them} and holds "${target}": --labels FILE.csv`;
    return fail(where, `${held}; ${cure}.`, "mismatch");
  }
  if (more.length > 0) {
    const sources = quoted([first, ...more].map(({ source }) => source));
    fail(where, `holds several tables with "${target}": ${sources}; choose one: --labels FILE.csv.`, "mismatch");
  }
  streams.messages.write(`Note: ${target} is that of ${first.source} in ${where}.\n`);
  return first;
}

/** The files by what they may be called. */
function calledBy(files: readonly string[]): Map<string, Set<string>> {
  const called = new Map<string, Set<string>>();
  for (const file of files) {
    for (const name of callings(file)) called.set(name, (called.get(name) ?? new Set()).add(file));
  }
  return called;
}

/** Tables in a folder that name files of it. */
async function tablesOf(
  { path, tableOf }: Folder,
  called: ReadonlyMap<string, unknown>,
  streams: Streams,
): Promise<Table[]> {
  const names = (await fileNames(path)).filter((file) => fileKinds.histories.test(file) && !file.includes("/"));
  const line = statusLine(streams);
  const tables: Table[] = [];
  for (const [i, name] of names.entries()) {
    streams.signal.throwIfAborted();
    line.show(`reading tables: ${i + 1} of ${names.length}`);
    // What is no table is none of files either; a history that cannot be read is told when it is.
    const table = await tableOf(name).catch(() => undefined);
    if (table !== undefined && naming(table, called).length > 0) tables.push(table);
  }
  line.clear();
  return tables;
}

/** The histories among files: without the tables that name the others. */
export async function historiesAmong(folder: Folder, streams: Streams): Promise<readonly string[]> {
  const { files } = folder;
  const tables = new Set((await tablesOf(folder, calledBy(files), streams)).map(({ source }) => source));
  return files.filter((file) => !tables.has(file));
}

/** Columns of which half of the cells, or the cells of one called "file", name files. */
function naming(table: Table, called: ReadonlyMap<string, unknown>): string[] {
  const names = (column: Column): boolean => {
    // Numbers in so many spellings are no names.
    if (column.respelled === true) return false;
    const cells = cellsOf(table, column);
    const count = cells.filter((cell) => called.has(plain(cell))).length;
    return count > 0 && (column.name === usual || count >= cells.length / 2);
  };
  return table.columns.filter(names).map(({ name }) => name);
}

/** What the column of files is called, where it is not said. */
const usual = "file";

function fileColumn(
  { path, files }: Folder,
  table: Table,
  called: ReadonlyMap<string, unknown>,
  { file }: Options,
): string {
  const found = naming(table, called);
  const preferred = (file as string | undefined) ?? usual;
  const isNamed = columnNames(table).includes(preferred);
  if (file !== undefined || found.includes(preferred) || (found.length === 0 && isNamed)) {
    const cells = cellsOf(table, columnOf(table, preferred));
    if (cells.some((cell) => called.has(plain(cell)))) return preferred;
    const near = suggestion(cells[0] ?? "", files.slice(0, 1000));
    const what = `column "${preferred}" names none of the files: "${cells[0] ?? ""}" first, and ${known(path, files)}`;
    return fail(table.source, `${what}.${near}`, "mismatch");
  }
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    return fail(
      table.source,
      `no column names the files; ${known(path, files)}. Say which shall: --file COLUMN.`,
      "mismatch",
    );
  }
  return fail(table.source, `columns ${quoted(found)} name files; say which does: --file COLUMN.`, "mismatch");
}

const known = (path: string, files: readonly string[]): string =>
  `${displayPath(path)} holds ${quoted(files.slice(0, 3))}${files.length > 3 ? ", ..." : ""}`;
