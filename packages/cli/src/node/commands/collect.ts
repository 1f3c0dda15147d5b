// `hooke collect`: the results of a sweep that are there, as a table, and the trials that are missing.
import { writeFileAtomic } from "@hooke/data/node";
import { fail } from "@hooke/runtime";
import { type Collected, collect as collected } from "@hooke/sweep";
import type { Command, Given, Streams } from "../command.ts";
import { csvOf, type Row } from "../csv.ts";
import { checkWritable } from "../data.ts";
import { tableText } from "../terminal.ts";

export const collect: Command = {
  does: "joins the results of a sweep that are there, and names the trials that are missing",
  positionals: ["FOLDER"],
  options: {
    out: { value: "FILE.csv", does: "writes the results as a table" },
    json: { does: "prints results and missing trials as JSON" },
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
  if (options.json === true) output.write(`${JSON.stringify({ settings: found.settings, finished, missing })}\n`);
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

/** A row for each trial, of the same names. */
function rowsOf({ finished }: Collected): Row[] {
  const rows = finished.map(({ index, parameters, budget, result, seconds }) => ({
    trial: index,
    ...flat("", parameters),
    ...(budget !== undefined && { budget }),
    ...flat("result", result),
    seconds,
  }));
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return rows.map((row: Row) => Object.fromEntries([...names].map((name) => [name, row[name] ?? ""])));
}

/** Numbers and texts by name; those of records in it by their path, lists as they are in JSON. */
function flat(name: string, value: unknown): Record<string, string | number> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const parts = Object.entries(value).map(([part, inner]) =>
      flat(name === "" || name === "result" ? part : `${name}.${part}`, inner),
    );
    return Object.assign({}, ...parts);
  }
  return { [name]: typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value) };
}

const shortOf = (cell: string | number): string =>
  typeof cell === "number" && !Number.isInteger(cell) ? cell.toPrecision(4) : String(cell);
