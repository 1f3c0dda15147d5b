// `hooke collect`: the results of a sweep that are there, as a table, and the trials that are missing.
import { writeFileAtomic } from "@hooke/data/node";
import { fail } from "@hooke/runtime";
import { type Collected, collect as collected, collectedJson } from "@hooke/sweep";
import type { Command, Given, Streams } from "../command.ts";
import { csvOf, type Row } from "../csv.ts";
import { checkWritable } from "../data.ts";
import { tableText } from "../terminal.ts";

export const collect: Command = {
  does: "joins the results of a sweep that are there, and names the trials that are missing",
  positionals: ["FOLDER"],
  options: {
    out: { value: "FILE.csv", does: "writes the results as a table" },
    json: { does: 'prints results and missing trials as JSON; NaN is { "$number": "NaN" }' },
  },
  async run(given, streams) {
    await checkWritable(given.options.out);
    await tell("collect", given.positionals[0]!, given, streams);
  },
};

/** Prints what is there. @throws where trials are missing, naming them */
export async function tell(who: string, folder: string, { options }: Given, { output }: Streams): Promise<void> {
  const found = await collected(folder);
  const { finished, missing } = found;
  const rows = rowsOf(found);
  const { out } = options as { readonly out?: string };
  if (out !== undefined) await writeFileAtomic(out, csvOf(rows));
  if (options.json === true) output.write(`${collectedJson(found)}\n`);
  else if (rows.length > 0) {
    const names = Object.keys(rows[0]!);
    const cells = rows.map((row) => names.map((name) => shortOf(row[name]!)));
    output.write(`${tableText(names, cells, output.columns).join("\n")}\n`);
  }
  if (missing.length === 0) return;
  const most = 20;
  const lines = missing.slice(0, most).map(({ index, parameters, budget, why }) => {
    const at = budget === undefined ? "" : ` at ${budget}`;
    return `  trial ${index}${at}, ${JSON.stringify(parameters)}: ${why}`;
  });
  if (missing.length > most) lines.push(`  and ${missing.length - most} more`);
  const total =
    finished.length + missing.filter(({ index }) => finished.every((trial) => trial.index !== index)).length;
  fail(who, `${missing.length} of ${total} trials are missing; run the sweep again for them.\n${lines.join("\n")}`);
}

const ownNames = ["trial", "budget", "seconds"];

/** A row for each trial, of the same names. What would have the name of another column is called with where it comes from. */
function rowsOf({ finished }: Collected): Row[] {
  const all = finished.map((trial) => ({
    trial,
    parameters: flat("", trial.parameters),
    result: flat(isRecord(trial.result) ? "" : "result", trial.result),
  }));
  const taken = new Set([...ownNames, ...all.flatMap(({ parameters }) => Object.keys(parameters))]);
  const rows = all.map(({ trial: { index, budget, seconds }, parameters, result }) => ({
    trial: index,
    ...renamed(parameters, "parameters", new Set(ownNames)),
    ...(budget !== undefined && { budget }),
    ...renamed(result, "result", taken),
    seconds,
  }));
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return rows.map((row: Row) => Object.fromEntries([...names].map((name) => [name, row[name] ?? ""])));
}

const renamed = (row: Row, where: string, taken: ReadonlySet<string>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [taken.has(name) ? `${where}.${name}` : name, cell]));

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Numbers and texts by name; those of records in it by their path, lists as they are in JSON. */
function flat(name: string, value: unknown): Row {
  if (isRecord(value)) {
    const parts = Object.entries(value).map(([part, inner]) => flat(name === "" ? part : `${name}.${part}`, inner));
    return Object.assign({}, ...parts);
  }
  return { [name]: typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value) };
}

const shortOf = (cell: string | number): string =>
  typeof cell === "number" && !Number.isInteger(cell) ? cell.toPrecision(4) : String(cell);
