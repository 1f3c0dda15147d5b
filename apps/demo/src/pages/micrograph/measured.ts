// Pictures with what was measured of them: which files of those that a visitor drops are what, and what is refused.
import { cellsOf, columnNames, type Table } from "@hooke/data";
import { fail } from "@hooke/runtime";
import { guessWriting, tableOfFile } from "../../data/reading.ts";
import { digestOf } from "../../shell/digest.ts";

/** A quantity that was measured of every picture. */
export interface Quantity {
  readonly name: string;
  /** Empty where it has none. */
  readonly unit: string;
  /** By picture. */
  readonly values: readonly number[];
}

/** Pictures that were chosen together. */
export interface PictureSet {
  /** In the address. */
  readonly id: string;
  /** The names of their files. They stand in the order of their digests, which is by chance: the first fifth of them is a random one. */
  readonly names: readonly string[];
  readonly pictures: readonly Blob[];
  readonly quantities: readonly Quantity[];
}

/** With fewer, the fifth that is held out says nothing. */
export const leastPictures = 40;
const mostPictures = 1000;

const isTable = (name: string): boolean => /\.(csv|tsv|txt)$/i.test(name);
const baseOf = (name: string): string => name.replace(/^.*[\\/]/, "");
const stemOf = (name: string): string => baseOf(name).replace(/\.[^.]*$/, "");

/** Sorts files out: pictures, and perhaps a table. @throws on what nothing can be learned from, with what to do */
export async function pictureSetOf(files: readonly File[]): Promise<PictureSet> {
  const tables = files.filter(({ name }) => isTable(name));
  const pictures = files.filter(({ name }) => !isTable(name));
  if (pictures.length < leastPictures || pictures.length > mostPictures) {
    const cure =
      "Choose all of them at once, with their CSV; a single one can be asked about below, once a model has learned.";
    const why = `takes ${leastPictures} to ${mostPictures}, a fifth of which is held out`;
    fail("pictures", `received ${pictures.length}, and ${why}. ${cure}`, "invalid-data");
  }
  if (tables.length > 1) {
    const named = tables.map(({ name }) => name).join(" and ");
    fail("pictures", `received ${tables.length} tables, ${named}; give one.`, "invalid-data");
  }
  const digested = await Promise.all(
    pictures.map(async (file) => ({ file, digest: await digestOf(new Uint8Array(await file.arrayBuffer())) })),
  );
  digested.sort((a, b) => (a.digest < b.digest ? -1 : 1));
  for (const [i, { file, digest }] of digested.entries()) {
    const next = digested[i + 1];
    if (next?.digest === digest) {
      const both = `${file.name} and ${next.file.name} are the same picture`;
      fail("pictures", `${both}; leave one out: what is held out must not be learned from.`, "invalid-data");
    }
  }
  const names = digested.map(({ file }) => file.name);
  const [table] = tables;
  const quantities = table === undefined ? quantitiesOfNames(names) : quantitiesOf(await tableOf(table), names);
  const said = JSON.stringify([digested.map(({ digest }) => digest), quantities]);
  const digest = await digestOf(new TextEncoder().encode(said));
  const id = `${names.length}-pictures-${digest.slice(0, 8)}`;
  return { id, names, quantities, pictures: digested.map(({ file }) => file) };
}

async function tableOf(file: File): Promise<Table> {
  const text = await file.text();
  return tableOfFile({ id: "", name: file.name, text }, guessWriting(text));
}

/** The last number of each name: `A3-412.5.png` has 412.5. @throws where a name has none */
export function quantitiesOfNames(names: readonly string[]): readonly Quantity[] {
  const values = names.map((name) => {
    const found = stemOf(name)
      .match(/\d+(\.\d+)?/g)
      ?.at(-1);
    if (found !== undefined) return Number(found);
    const cure =
      "Add a CSV with a column of file names and one of numbers, or end each name in its number: A3-412.5.png";
    return fail("pictures", `nothing says what was measured of ${name}. ${cure}`, "invalid-data");
  });
  return varying("pictures", [{ name: "number in the name", unit: "", values }]);
}

/** The columns of numbers, by picture, where another column has the names. @throws where none does, or a picture has no row */
export function quantitiesOf(table: Table, names: readonly string[]): readonly Quantity[] {
  const { source, columns } = table;
  const rowsBy = columns.map((column) => {
    const rows = new Map(cellsOf(table, column).map((cell, row) => [baseOf(cell), row]));
    return names.map((name) => rows.get(baseOf(name)) ?? rows.get(stemOf(name)));
  });
  const counts = rowsBy.map((rows) => rows.filter((row) => row !== undefined).length);
  const most = counts.indexOf(Math.max(...counts));
  if (counts[most] === 0) {
    const found = columnNames(table).join(", ");
    const cure = "Add a column with their file names.";
    fail(source, `no column names the pictures, such as ${names[0]}; there are ${found}. ${cure}`, "mismatch");
  }
  const rows = rowsBy[most]!.map((row, i) => {
    return row ?? fail(source, `there is no row for ${names[i]}; add one, or leave the picture out.`, "mismatch");
  });
  return varying(
    source,
    columns.flatMap((column, i) => {
      if (column.type !== "number" || i === most) return [];
      return [{ name: column.name, unit: column.unit ?? "", values: rows.map((row) => column.values[row]!) }];
    }),
  );
}

/** Those that are known of all pictures, and not alike. @throws where none is */
function varying(source: string, quantities: readonly Quantity[]): readonly Quantity[] {
  const useful = quantities.filter(({ values }) => {
    return values.every((value) => Number.isFinite(value)) && values.some((value) => value !== values[0]);
  });
  if (useful.length > 0) return useful;
  const cure = "Give a number for every picture, and pictures of which they differ.";
  return fail(source, `no numbers are there for all pictures that are not all alike. ${cure}`, "invalid-data");
}
