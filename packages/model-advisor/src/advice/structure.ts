// What the inputs are: tables as they are, sequences by their steps, images by statistics of each.
import {
  imageStatistics,
  imageTable,
  pixelColumns,
  type Samples,
  sequenceChannels,
  sequenceTable,
  stepCorrelation,
} from "@hooke/baselines";
import { type Dataset, datasetCheck, type Table, tableCheck } from "@hooke/data";
import { type Check, describe, fail } from "@hooke/runtime";
import type { Assumption } from "../reading/reading.ts";
import type { Structure } from "../rules/rules.ts";
import type { AdviseOptions } from "./options.ts";

/** Data as a table, and what they were. */
export interface Told {
  readonly table: Table;
  readonly structure: Structure;
  /** Columns of pixels, which stand beside the statistics of each image. */
  readonly pixels?: readonly string[];
}

/** Expects a table or a dataset. */
export const dataCheck: Check = (value) =>
  tableCheck(value) === undefined || datasetCheck(value) === undefined
    ? undefined
    : "a table, such as parseCsv(text) makes, or a dataset of sequences or images";

/** @throws on datasets whose inputs are neither sequences nor images */
export async function tableOfData(data: Table | Dataset, options: AdviseOptions): Promise<Told> {
  if (datasetCheck(data) !== undefined) return toldOfTable(data as Table, options);
  const { inputs } = data as Dataset;
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

/** A table that holds pixels beside what is known of each image is one of images. */
function toldOfTable(table: Table, { target, groups }: AdviseOptions): Told {
  const pixels = pixelColumns(table);
  const others = table.columns.length - pixels.length - (groups === undefined || groups === "none" ? 1 : 2);
  const isOfImages = pixels.length > 0 && others > 0 && !pixels.includes(target);
  return isOfImages ? { table, structure: "images", pixels } : { table, structure: "table" };
}

/** Images as statistics of each, beside them the pixels; of volumes statistics alone. */
async function toldOfImages(data: Dataset, { backend }: AdviseOptions): Promise<Told> {
  const statistics = await imageStatistics(data, backend ? { backend } : {});
  if (data.inputs.shape.length === 5) return { table: statistics, structure: "images" };
  const known = new Set(statistics.columns.map(({ name }) => name));
  const pixels = imageTable(data).columns.filter(({ name }) => !known.has(name));
  const table = { ...statistics, columns: [...statistics.columns, ...pixels] };
  return { table, structure: "images", pixels: pixels.map(({ name }) => name) };
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
