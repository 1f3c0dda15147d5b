// The domain: where a model was taught, so that it can say when it is asked about something else.
import {
  type Design,
  designForm,
  designMatrix,
  type Form,
  fitDesign,
  forms,
  type InputSchema,
  type Inputs,
  inputsForm,
  inputsOf,
  isMissing,
  type Samples,
} from "@hooke/baselines";
import { cellsOf, columnOf, type Table, tableCheck } from "@hooke/data";
import { type Check, checkArgument } from "@hooke/runtime";

/** What a model was taught on, as data: it goes with the model. */
export type DomainCard = {
  readonly inputs: readonly InputSchema[];
  /** Of each number: the least and the largest seen. */
  readonly ranges: readonly { readonly input: string; readonly least: number; readonly most: number }[];
  /** Inputs that were missing in some rows seen. */
  readonly missing: readonly string[];
  readonly design: Design;
  /** Rows seen, scaled, 500 at most. */
  readonly rows: Float64Array;
  /** Distance from a row seen to the nearest other one that 95 of 100 are below. */
  readonly usual: number;
};

/** Expects a card. */
export const domainForm = (): Form<DomainCard> => {
  const { number, text, f64, list, record } = forms;
  return record({
    inputs: inputsForm(),
    ranges: list(record({ input: text, least: number, most: number })),
    missing: list(text),
    design: designForm(),
    rows: f64,
    usual: number,
  });
};

/** Whether a row is like those that were seen. */
export interface DomainCheck {
  readonly inside: boolean;
  /** Why not, a sentence each. */
  readonly because: readonly string[];
  /** To the nearest row seen, over what is usual among them. */
  readonly distance: number;
}

/** Rows that are kept. */
const mostRows = 500;
/** Distances above which a row is outside, over what is usual. */
const far = 2;

/** The domain of samples. */
export function domainOf(samples: Samples): DomainCard {
  checkArgument("domainOf", "the samples", samples, (value) =>
    Array.isArray((value as Partial<Samples> | null)?.columns)
      ? undefined
      : "samples, such as samplesOf(table, target, {})",
  );
  const design = fitDesign("domain", samples, () => undefined);
  const width = design.names.length;
  const all = designMatrix(design, samples);
  const step = Math.max(1, Math.ceil(samples.rowCount / mostRows));
  const kept = Array.from({ length: Math.ceil(samples.rowCount / step) }, (_, i) => i * step);
  const rows = Float64Array.from(kept.flatMap((row) => [...all.subarray(row * width, (row + 1) * width)]));
  const nearest = kept
    .map((row, i) => distanceTo(rows, all.subarray(row * width, (row + 1) * width), width, i))
    .sort((a, b) => a - b);
  return {
    inputs: samples.columns.map(({ values: _, ...schema }) => schema),
    ranges: samples.columns.flatMap((column) => {
      if (column.type !== "number") return [];
      const seen = column.values.filter((value) => !Number.isNaN(value));
      return seen.length === 0
        ? []
        : [
            {
              input: column.name,
              least: seen.reduce((a, b) => Math.min(a, b)),
              most: seen.reduce((a, b) => Math.max(a, b)),
            },
          ];
    }),
    missing: samples.columns
      .filter((column) => column.values.some((_, row) => isMissing(column, row)))
      .map(({ name }) => name),
    design,
    rows,
    usual: nearest[Math.min(nearest.length - 1, Math.floor(0.95 * nearest.length))] || 1,
  };
}

/** Expects the card of a domain. */
export const domainCardCheck: Check = (value) => {
  const { ranges, rows } = (value ?? {}) as Partial<DomainCard>;
  return Array.isArray(ranges) && rows instanceof Float64Array
    ? undefined
    : "a domain card, such as domainOf(samples) makes";
};

/** Checks the rows of a table. @throws on columns that are not there */
export function checkDomain(card: DomainCard, table: Table): DomainCheck[] {
  checkArgument("checkDomain", "the card", card, domainCardCheck);
  checkArgument("checkDomain", "the table", table, tableCheck);
  const { unseen: _, ...inputs } = inputsOf(table, card.inputs);
  const width = card.design.names.length;
  const rows = designMatrix(card.design, inputs);
  const unlike = unlikeIn(card, table, inputs);
  return Array.from({ length: inputs.rowCount }, (_row, row) => {
    const distance = distanceTo(card.rows, rows.subarray(row * width, (row + 1) * width), width) / card.usual;
    const because = [...outOfRange(card, inputs, row), ...unlike(row)];
    if (because.length === 0 && distance > far)
      because.push("the combination of its inputs is far from every row seen");
    return { inside: because.length === 0, because, distance };
  });
}

function outOfRange({ ranges }: DomainCard, { columns }: Inputs, row: number): string[] {
  return ranges.flatMap(({ input, least, most }) => {
    const value = columns.find(({ name }) => name === input)!.values[row]!;
    if (value > most) return [`${input} ${value} is above ${most}, the largest seen`];
    return value < least ? [`${input} ${value} is below ${least}, the least seen`] : [];
  });
}

/** Of a row: inputs that are missing and were in no row seen, and categories of none. */
function unlikeIn(card: DomainCard, table: Table, { columns }: Inputs): (row: number) => string[] {
  const missing = new Set(card.missing);
  const judged = columns.map((column) => ({
    column,
    ...(column.type === "category" && { cells: cellsOf(table, columnOf(table, column.name)) }),
  }));
  return (row) =>
    judged.flatMap(({ column, cells }) => {
      if (!isMissing(column, row)) return [];
      const { name } = column;
      if (cells !== undefined && cells[row] !== "") return [`${name} "${cells[row]}" is none that was seen`];
      return missing.has(name) ? [] : [`${name} is missing, and was in no row seen`];
    });
}

/** To the nearest of some rows, one of them left out. */
function distanceTo(rows: Float64Array, to: Float64Array, width: number, left = -1): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i * width < rows.length; i++) {
    if (i === left) continue;
    let square = 0;
    for (let k = 0; k < width; k++) square += (rows[i * width + k]! - to[k]!) ** 2;
    least = Math.min(least, square);
  }
  return Math.sqrt(least);
}
