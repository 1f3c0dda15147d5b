// What the inputs are: tables as they are, sequences by their steps, images by statistics of each, graphs by what is known of them.
import {
  imageStatistics,
  imageTable,
  pixelColumns,
  type Samples,
  sequenceChannels,
  sequenceTable,
  stepCorrelation,
} from "@hooke/baselines";
import { columnNames, columnOf, type Dataset, datasetCheck, type Table, tableCheck } from "@hooke/data";
import { type Check, describe, fail, HookeError } from "@hooke/runtime";
import { areGraphs, kindNames } from "../graphs/graph-text.ts";
import type { Assumption } from "../reading/reading.ts";
import { smilesColumn } from "../reading/smiles.ts";
import type { Structure } from "../rules/rules.ts";
import type { AdviseOptions } from "./options.ts";

/** Data as a table, and what they were. */
export interface Told {
  readonly table: Table;
  readonly structure: Structure;
  /** Columns that hold images or graphs themselves, pixels or texts, beside what is known of each. */
  readonly raw?: readonly string[];
  /** Of these, what networks are told besides: columns that methods for tables see, too. */
  readonly beside?: readonly string[];
  /** Columns that say which rows belong together, and are no inputs. */
  readonly naming?: readonly string[];
  /** A column that others stand for: molecules, by what is known of them. */
  readonly replaced?: { readonly column: string; readonly by: readonly string[] };
  readonly assumption?: Assumption;
}

/** Expects a table or a dataset. */
export const dataCheck: Check = (value) =>
  tableCheck(value) === undefined || datasetCheck(value) === undefined
    ? undefined
    : "a table, such as parseCsv(text) makes, or a dataset of sequences, images or graphs";

/** @throws on datasets whose inputs are neither sequences, images nor graphs */
export async function tableOfData(data: Table | Dataset, options: AdviseOptions): Promise<Told> {
  if (datasetCheck(data) !== undefined) return toldOfMolecules(toldOfTable(data as Table, options), options);
  const { inputs, extras } = data as Dataset;
  if (Object.hasOwn(extras, "senders")) {
    const { graphTable } = await import("../graphs/graph-table.ts");
    return toldOfTable(graphTable(data as Dataset), options);
  }
  switch (inputs.shape.length) {
    case 3:
      return { table: sequenceTable(data as Dataset), structure: "sequences" };
    case 4:
    case 5:
      return toldOfImages(data as Dataset, options);
    default: {
      const what = "sequences are [rows, time, channels], images [rows, height, width, channels], volumes have a depth";
      return fail("advise", `received inputs ${describe(inputs)}; ${what}. Give tables as they are.`, "mismatch");
    }
  }
}

/** A table that holds pixels, or graphs, beside what is known of each is one of images, or of graphs. */
function toldOfTable(table: Table, { target, groups }: AdviseOptions): Told {
  const pixels = pixelColumns(table);
  const others = table.columns.length - pixels.length - (groups === undefined || groups === "none" ? 1 : 2);
  const isOfImages = pixels.length > 0 && others > 0 && !pixels.includes(target);
  if (isOfImages) return { table, structure: "images", raw: pixels };
  const graphs = table.columns.flatMap((column) =>
    column.type === "text" && areGraphs(column.values) ? [column.name] : [],
  );
  if (graphs.length === 0) return { table, structure: "table" };
  const naming = table.columns.filter(({ name, type }) => type === "text" && kindNames.includes(name));
  return { table, structure: "graphs", raw: graphs, naming: naming.map(({ name }) => name) };
}

/** A table with a column of SMILES is one of molecules, unless the user says otherwise, or nothing is there to read them. */
async function toldOfMolecules(
  told: Told,
  { target, groups, inputs, smiles, structure }: AdviseOptions,
): Promise<Told> {
  const { table } = told;
  if (told.structure !== "table" || smiles === "none" || (smiles === undefined && structure !== undefined)) return told;
  const names = columnNames(table);
  const left = new Set([target, groups, ...names.filter((name) => inputs !== undefined && !inputs.includes(name))]);
  const found = smiles === undefined ? smilesColumn(table, left as ReadonlySet<string>) : columnOf(table, smiles).name;
  if (found === undefined) return told;
  try {
    const { moleculeTable } = await import("../graphs/molecule-table.ts");
    const described = await moleculeTable(table, { smiles: found });
    const by = columnNames(described).filter((name) => !names.includes(name));
    const raw = by.at(-1)!;
    const others = names.filter((name) => name !== found && !left.has(name));
    return {
      table: described,
      structure: "graphs",
      raw: [raw],
      beside: others,
      replaced: { column: found, by },
      ...(smiles === undefined && { assumption: moleculesAssumed(found) }),
    };
  } catch (error) {
    // A column that only looks like molecules must not stop those who have no chemistry installed.
    if (smiles !== undefined || !(error instanceof HookeError) || error.code !== "unavailable") throw error;
    return { ...told, assumption: moleculesUnread(found) };
  }
}

const moleculesAssumed = (column: string): Assumption => ({
  what: `"${column}" holds molecules`,
  because: "every cell can be read as SMILES",
  overrule: 'smiles: "none"',
});

const moleculesUnread = (column: string): Assumption => ({
  what: `"${column}" is a column of text`,
  because: "openchemlib, which would read it as SMILES, is not installed: npm install openchemlib@~9.25.0",
  overrule: `smiles: "${column}"`,
});

/** Images as statistics of each, beside them the pixels; of volumes statistics alone. */
async function toldOfImages(data: Dataset, { backend }: AdviseOptions): Promise<Told> {
  const statistics = await imageStatistics(data, backend ? { backend } : {});
  if (data.inputs.shape.length === 5) return { table: statistics, structure: "images" };
  const known = new Set(statistics.columns.map(({ name }) => name));
  const pixels = imageTable(data).columns.filter(({ name }) => !known.has(name));
  const table = { ...statistics, columns: [...statistics.columns, ...pixels] };
  return { table, structure: "images", raw: pixels.map(({ name }) => name) };
}

/** Numbered columns are steps of sequences where these tell so much of the next one, or the user says so. */
const alike = 0.5;

/** What samples of a table are, and, where columns are numbered, what was taken for granted. @throws where sequences are asked for and there are none, or the data are no table */
export function structureOf(
  given: Structure,
  samples: Samples,
  { structure }: Pick<AdviseOptions, "structure">,
): { readonly structure: Structure; readonly assumption?: Assumption } {
  if (given !== "table") {
    if (structure === undefined) return { structure: given };
    const cure = "a dataset says by its shape what it is; leave structure out";
    return fail("advise", `received structure: "${structure}" for ${given}; ${cure}.`, "mismatch");
  }
  const channels = sequenceChannels(samples);
  if (structure === "sequences" && channels.length === 0) {
    const need =
      'nine or more columns of numbers with one name and another number each, such as "load 0", "load 1", ...';
    return fail(
      "advise",
      `received structure: "sequences", and the table has no sequence; it takes ${need}`,
      "mismatch",
    );
  }
  if (structure !== undefined || channels.length === 0) return { structure: structure ?? "table" };
  const correlation = stepCorrelation(samples);
  const [read, are, other] =
    correlation >= alike
      ? (["sequences", "steps of sequences", "table"] as const)
      : (["table", "inputs like others", "sequences"] as const);
  const what = `columns ${channels.map((name) => `"${name}"`).join(", ")} with running numbers are ${are}`;
  const because = `the mean size of a column's correlation with the next is ${correlation.toFixed(2)}`;
  return { structure: read, assumption: { what, because, overrule: `structure: "${other}"` } };
}
