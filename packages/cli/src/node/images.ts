// Folders of images in place of tables: what the advisor reads, and what its models predict for.
import { imageStatistics, imageTable } from "@hooke/baselines";
import { cellsOf, columnNames, columnOf, type Dataset, type Table } from "@hooke/data";
import { type ImageSetOptions, type LoadedImages, loadImages } from "@hooke/io/images";
import { imageFolder } from "@hooke/io/node";
import { count, type Option, type Streams } from "./command.ts";
import { backend } from "./data.ts";
import { tableIn, withTarget } from "./reading.ts";
import { statusLine } from "./terminal.ts";

/** Options of commands that take folders of images. */
export const imaging: Readonly<Record<string, Option>> = {
  size: { value: "PIXELS", read: count, does: "of images: brings them to squares of so many pixels a side" },
};

type Options = Readonly<Record<string, unknown>>;

/** Images and what is to be predicted of them; where groups are named, as a table that has them. */
export async function labelledImages(path: string, options: Options, streams: Streams): Promise<Dataset | Table> {
  const { labels: file, file: column = "file", target, classes, groups = "none" } = options;
  if (file === undefined) return (await imagesIn(path, { ...options, labels: "folders" }, streams)).data;
  const table = withTarget(await tableIn(file as string, options, streams), target as string, streams);
  const labels = { table, file: column as string, target: target as string, ...(classes === true && { classes }) };
  const { data } = await imagesIn(path, { ...options, labels }, streams);
  if (groups === "none") return data;
  const named = cellsOf(table, columnOf(table, groups as string));
  const rowOf = new Map(Array.from(table.lines, (line, row) => [line, row]));
  const values = Array.from(data.lines!, (line) => named[rowOf.get(line)!]!);
  const known = await columnsOfImages(data);
  return { ...known, columns: [...known.columns, { name: groups as string, type: "text", values }] };
}

/** Statistics of each image, targets, pixels. */
async function columnsOfImages(data: Dataset): Promise<Table> {
  const statistics = await imageStatistics(data, { backend: backend() });
  const known = new Set(columnNames(statistics));
  const pixels = imageTable(data).columns.filter(({ name }) => !known.has(name));
  return { ...statistics, columns: [...statistics.columns, ...pixels] };
}

/** Images as a table that every model of images finds its columns in: statistics of each, and pixels. Rows are named by their files. */
export async function imageColumns(
  path: string,
  options: Options,
  streams: Streams,
): Promise<{ readonly table: Table; readonly names: readonly string[] }> {
  const { data, names } = await imagesIn(path, { ...options, labels: "none" }, streams);
  return { table: await columnsOfImages(data), names };
}

/** The same with what is known of each image, where `--labels` or folders say it. @param target of the model that is explained */
export async function knownImages(
  path: string,
  options: Options,
  target: { readonly name: string; readonly type: "number" | "class" },
  streams: Streams,
): Promise<Table> {
  if (options.labels === undefined && target.name !== "class")
    return (await imageColumns(path, options, streams)).table;
  const asked = { ...options, target: target.name, ...(target.type === "class" && { classes: true }) };
  const found = await labelledImages(path, asked, streams);
  return "inputs" in found ? columnsOfImages(found) : found;
}

async function imagesIn(path: string, options: Options, streams: Streams): Promise<LoadedImages> {
  const { size, labels } = options as Pick<ImageSetOptions, "labels"> & { readonly size?: number };
  const { signal, messages } = streams;
  const line = statusLine(streams);
  const set = await imageFolder(path, { ...(labels && { labels }), ...(size !== undefined && { size }) });
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
    line.show(`reading images: ${done} of ${total}`);
  const loaded = await loadImages(set, { signal, onProgress }).finally(() => line.clear());
  for (const warning of loaded.warnings) messages.write(`Note: ${warning}\n`);
  return loaded;
}
