// Files of histories as a table of sequences: a file for each row, a column of it for each quantity that was measured.
import type { InputSchema } from "@hooke/baselines";
import { columnNames, numbersOf, type Table, tableOf } from "@hooke/data";
import { displayPath } from "@hooke/data/node";
import { fail, quoted } from "@hooke/runtime";
import type { Streams } from "./command.ts";
import type { Folder, ReadFiles } from "./folders.ts";
import { statusLine } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

/** Steps that methods take as they are. */
const most = 1000;
/** Fewer of them are no sequence. */
const fewest = 9;
/** How many steps there were, where they were shortened. */
const lengthName = "steps";
const parts = ["mean", "least", "greatest"] as const;

/** How histories become columns. */
export interface HistoryForm {
  /** Columns of the files. */
  readonly channels: readonly string[];
  /** Columns of the table for each. */
  readonly steps: number;
  /** Whether a step is a span, of which the mean, the least and the greatest value are kept. */
  readonly isShortened: boolean;
}

/**
 * A row for each history: of each column of its file a column for each step, `"load 0"`, `"load 1"`, ..., empty behind the end of shorter ones. With
 * `options.steps` spans of it, with the mean, the least and the greatest of each, and how many `steps` there were.
 *
 * @param form of histories that a model learned from
 * @throws with the file's name on columns that it has not or that are not numbers, on histories that are too long
 */
export async function historiesIn(
  { path, tableOf: historyOf }: Folder,
  files: readonly string[],
  options: Options,
  form: HistoryForm | undefined,
  streams: Streams,
): Promise<ReadFiles> {
  const line = statusLine(streams);
  const tables: Table[] = [];
  try {
    for (const [i, file] of files.entries()) {
      line.show(`reading histories: ${i + 1} of ${files.length}`);
      tables.push({ ...(await historyOf(file)), source: file });
    }
  } finally {
    line.clear();
  }
  const { channels, steps, isShortened } = form ?? formOf(tables, options);
  const columns: Record<string, Float64Array> = isShortened
    ? { [lengthName]: Float64Array.from(tables, ({ rowCount }) => rowCount) }
    : {};
  for (const channel of channels) {
    const values = tables.map((table) => numbersOf(table, channel));
    if (!isShortened) {
      checkLengths(tables, steps);
      for (let step = 0; step < steps; step++) {
        columns[`${channel} ${step}`] = Float64Array.from(values, (own) => own[step] ?? Number.NaN);
      }
      continue;
    }
    const spans = values.map((own) => spansOf(own, steps));
    for (const [part, name] of parts.entries()) {
      for (let step = 0; step < steps; step++) {
        columns[`${channel} ${name} ${step}`] = Float64Array.from(spans, (own) => own[step]![part]!);
      }
    }
  }
  return { table: tableOf(columns, { source: displayPath(path) }), files };
}

function formOf(tables: readonly Table[], options: Options): HistoryForm {
  const first = tables[0]!;
  const channels = (options.channels as readonly string[] | undefined) ?? columnNames(first);
  const other = tables.find((table) => options.channels === undefined && columnNames(table).join() !== channels.join());
  if (other !== undefined) {
    const differ = `${other.source} has the columns ${quoted(columnNames(other))}, and ${first.source} ${quoted(channels)}`;
    fail("histories", `${differ}; say which all have: --channels A,B,...`, "mismatch");
  }
  const lengths = tables.map(({ rowCount }) => rowCount);
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  const empty = tables.find(({ rowCount }) => rowCount === 0);
  if (empty !== undefined) fail(empty.source, "holds no rows; leave it out of the table of files.", "invalid-data");
  const asked = options.steps as number | undefined;
  if (asked !== undefined && asked < fewest) {
    fail("histories", `received --steps ${asked}; a sequence has ${fewest} steps or more.`, "mismatch");
  }
  if (asked !== undefined && asked < longest) return { channels, steps: asked, isShortened: true };
  if (longest > most) {
    const file = tables[lengths.indexOf(longest)]!.source;
    const cure = `--steps 200 makes 200 spans of each, and keeps the mean, the least and the greatest value of every span`;
    fail("histories", `${file} has ${longest} steps, and methods take ${most}; ${cure}.`, "unsupported");
  }
  if (longest < fewest) {
    const cure = "put such values side by side in one table, a row for each file";
    fail(
      "histories",
      `the longest history has ${longest} steps; a sequence has ${fewest} or more: ${cure}.`,
      "mismatch",
    );
  }
  return { channels, steps: longest, isShortened: false };
}

function checkLengths(tables: readonly Table[], steps: number): void {
  const long = tables.find(({ rowCount }) => rowCount > steps);
  if (long === undefined) return;
  const cure = "cut it, or train on histories that are as long";
  fail(long.source, `has ${long.rowCount} steps; the model learned from ${steps} at most: ${cure}.`, "mismatch");
}

/** The form of histories that inputs of a model were made of; undefined where they were made of none. */
export function historyForm(inputs: readonly InputSchema[]): HistoryForm | undefined {
  const counts = new Map<string, number>();
  for (const { name } of inputs) {
    const [, channel, step] = /^(.+) (\d+)$/.exec(name) ?? [];
    if (channel !== undefined) counts.set(channel, Math.max(counts.get(channel) ?? 0, Number(step) + 1));
  }
  const all = [...counts].filter(([, count]) => count >= fewest);
  if (all.length === 0) return undefined;
  const steps = all.reduce((longest, [, count]) => Math.max(longest, count), 0);
  const means = all.flatMap(([name]) => (name.endsWith(` ${parts[0]}`) ? [name.slice(0, -parts[0].length - 1)] : []));
  const isShortened = inputs.some(({ name }) => name === lengthName) && means.length * parts.length === all.length;
  return { channels: isShortened ? means : all.map(([name]) => name), steps, isShortened };
}

/** Mean, least and greatest value of equal spans; missing where nothing of a span is known. */
function spansOf(values: Float64Array, count: number): (readonly [number, number, number])[] {
  const share = values.length / count;
  return Array.from({ length: count }, (_, span) => {
    const end = Math.max(Math.ceil((span + 1) * share), Math.floor(span * share) + 1);
    let [total, sum, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = Math.floor(span * share); i < Math.min(end, values.length); i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      total++;
      sum += value;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return total === 0 ? [Number.NaN, Number.NaN, Number.NaN] : [sum / total, least, greatest];
  });
}
