// `hooke advise`: which method fits a table, measured.

import type { Dataset, Table } from "@hooke/data";
import { displayPath } from "@hooke/data/node";
import {
  type Advice,
  type AdviceSoFar,
  type AdviseOptions,
  advise as adviseOn,
  type Explanation,
  purposes,
  readabilities,
  tableStructures,
} from "@hooke/model-advisor";
import { type Uncertainty, uncertainties } from "@hooke/model-advisor/network";
import { writeReport } from "@hooke/report/node";
import { type Command, count, type Given, type Option, oneOf, positive, type Streams } from "../command.ts";
import { allNetworks, backend, checkWritable, columnsIn, learning } from "../data.ts";
import { foldering, folderToLearnFrom, type ToLearnFrom } from "../folder-data.ts";
import { isFolder } from "../folders.ts";
import { tableIn, withTarget } from "../reading.ts";
import { statusLine, tableText, wrapped } from "../terminal.ts";
import { asTyped } from "../typed.ts";

/** Options that decide what is measured, and how long. */
export const measuring: Readonly<Record<string, Option>> = {
  ...learning,
  ...foldering,
  purpose: { value: "WORD", read: oneOf(purposes), does: `what the model is for: ${purposes.join(", ")}` },
  readable: {
    value: "WORD",
    read: oneOf(readabilities),
    does: "a model that a person can read: required, preferred where it predicts about as well (default), or indifferent",
  },
  structure: {
    value: "WORD",
    read: oneOf(tableStructures),
    does: "numbered columns are inputs like others (table) or steps (sequences); default: by how they go together",
  },
  smiles: {
    value: "COLUMN",
    does: "the column of molecules as SMILES, or none; default: one that can be read so (needs npm install openchemlib)",
  },
  "measured-rows": { value: "NUMBER", read: count, does: "at most how many rows are measured on; default 10000" },
  uncertainty: {
    value: "WORD",
    read: oneOf(uncertainties),
    does: `how networks say how sure they are: ${uncertainties.join(", ")}; whatever they say is given the width that holds`,
  },
  budget: { value: "SECONDS", read: positive, does: "how long to measure; default 60" },
};

export const advise: Command = {
  does: "says which method fits a table, or a folder of images, structures or histories, by measuring the candidates on rows held back",
  positionals: ["DATA.csv"],
  options: {
    ...measuring,
    report: { value: "FILE.html", does: "writes a report that opens in any browser" },
    json: { does: "prints the advice as JSON" },
  },
  async run(given, streams) {
    const { output, messages } = streams;
    const { json, report } = given.options;
    await checkWritable(report);
    const { data, options } = await dataIn(given, streams);
    const advice = await measured(data, options, streams);
    if (json === true) output.write(`${JSON.stringify(advice)}\n`);
    else output.write(adviceText(advice, output.columns));
    if (typeof report === "string") {
      const written = async (explanation?: Explanation): Promise<void> => {
        await writeReport(report, advice.report(explanation));
        messages.write(`Report: ${displayPath(report)}\n`);
      };
      // Stopped while it is explained, what was measured is a report all the same.
      const explanation = await explained(advice, streams).catch(async (error: unknown) => {
        if (error === streams.signal.reason) await written();
        throw error;
      });
      await written(explanation);
    }
  },
};

/** The table of a file, its rows whose target is known, or what the files of a folder hold, with what is left to be said of it. */
export async function dataIn({ positionals: [path], options }: Given, streams: Streams): Promise<ToLearnFrom> {
  if (await isFolder(path!)) return folderToLearnFrom(path!, options, streams);
  return { data: withTarget(await tableIn(path!, options, streams), options.target as string, streams), options };
}

/** What says of itself nothing that a table of inputs could hold. */
const opaque = ["imageNetwork", "graphNetwork"];

/** Why the recommended method says what it says; nothing where none is recommended, or it learned from pixels or graphs. */
async function explained(advice: Advice, streams: Streams): Promise<Explanation | undefined> {
  if (advice.recommended === undefined) return undefined;
  if (opaque.includes(advice.candidates[advice.recommended.method]?.method ?? "")) return undefined;
  const line = statusLine(streams);
  const onProgress = ({ text }: { readonly text: string }): void =>
    line.show(`explaining ${advice.recommended!.method}: ${text}`);
  return advice.explain({ signal: streams.signal, onProgress }).finally(() => line.clear());
}

/** What {@link measuring} says to the advisor of the data and of the candidates. */
export function askedIn(options: Given["options"]): AdviseOptions {
  const { target, groups, purpose, readable, structure, smiles, seed } = options as unknown as AdviseOptions;
  const measuredRows = options["measured-rows"] as number | undefined;
  const uncertainty = options.uncertainty as Uncertainty | undefined;
  return {
    target,
    ...columnsIn(options),
    ...(groups !== undefined && { groups }),
    ...(purpose && { purpose }),
    ...(readable && { readable }),
    ...(structure && { structure }),
    ...(smiles !== undefined && { smiles }),
    ...(measuredRows !== undefined && { measuredRows }),
    ...(seed !== undefined && { seed }),
    methods: (read, samples) => allNetworks(read, samples, uncertainty && { uncertainty }),
    backend: backend(),
  };
}

/** Advice, with a line that shows how far it is; stopped, it tells what is known by then. @throws the signal's reason */
export async function measured(data: Table | Dataset, options: Given["options"], streams: Streams): Promise<Advice> {
  const { signal, output, messages } = streams;
  const line = statusLine(streams);
  const { budget = 60 } = options as { readonly budget?: number };
  const begun = performance.now();
  let known: AdviceSoFar | undefined;
  try {
    return await adviseOn(data, {
      ...askedIn(options),
      budget: { seconds: budget },
      signal,
      onAnswer: (answer) => {
        known = answer;
      },
      onProgress: ({ text }) => {
        const seconds = ((performance.now() - begun) / 1000).toFixed(0);
        line.show(`${seconds} of ${budget} s${known ? ` · best so far ${known.method}` : ""} · ${text}`);
      },
    });
  } catch (error) {
    line.clear();
    if (error !== signal.reason) throw error;
    if (known === undefined) messages.write("Nothing was measured to its end yet.\n");
    else if (options.json === true) output.write(`${JSON.stringify({ stopped: true, ...known })}\n`);
    else
      output.write(
        `Measured before the stop; best so far ${known.method}:\n\n${comparisonText(known, output.columns)}`,
      );
    throw error;
  } finally {
    line.clear();
  }
}

/** Sentences, the table, warnings and what was taken for granted. */
export function adviceText(advice: Advice, columns: number | undefined): string {
  const paragraphs = (texts: readonly string[]): string => texts.map((text) => `${wrapped(text, columns)}\n`).join("");
  const parts = [
    paragraphs(advice.sentences()),
    comparisonText(advice, columns),
    paragraphs(advice.warnings.map(({ text }) => `Warning: ${asTyped(text)}`)),
    paragraphs(
      advice.assumptions.map(
        ({ what, because, overrule }) => `Assumed: ${what}, because ${because} (overrule: ${asTyped(overrule)}).`,
      ),
    ),
    paragraphs(advice.untried.map(({ method, because }) => `Not tried: ${method}: ${asTyped(because)}.`)),
    paragraphs(advice.comparison.failed.map(({ method, error }) => `Failed: ${method}: ${error}`).filter(isFirst)),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

const isFirst = <T>(value: T, index: number, all: readonly T[]): boolean => all.indexOf(value) === index;

/** Errors of the methods as a table that fits. */
function comparisonText({ comparison }: Pick<Advice, "comparison">, columns = 100): string {
  const [heads, ...rows] = comparison.cells();
  return `${tableText(heads!, rows, columns).join("\n")}\n`;
}
