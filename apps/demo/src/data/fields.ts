// The settings of a page that learns from a table: the file, how it is written, and what its columns are for.
import { choice, type SettingsOf, text } from "../shell/settings.ts";

/** Of every page that takes a table. */
export const dataFields = {
  /** Of `files.ts`. */
  data: text("Data"),
  target: text("Target"),
  /** A column of what rows belong to, such as a specimen; what else it may say is the page's. */
  groups: text("Groups"),
  /** Columns that are no inputs, as a JSON list. */
  left: text("Left out", "", (list) => columnsOf(list).join(", ")),
  /** Columns of numbers that are names, as a JSON list. */
  names: text("Names", "", (list) => columnsOf(list).join(", ")),
  /** Units by column, as JSON: those that the file does not say, or says otherwise. */
  typed: text("Units", "", (units) => [...unitsOf(units)].map(([column, unit]) => `${unit} of ${column}`).join(", ")),
  /** Texts that mean no value, between blanks. */
  missing: text("Missing cells"),
  delimiter: choice("Cells are parted by", ",", [",", ";", "tab", "blanks"], (option) => {
    return option === "," ? "commas" : option === ";" ? "semicolons" : option === "tab" ? "tabs" : option;
  }),
  decimal: choice("Decimals follow", ".", [".", ","], (option) => (option === "." ? "a point" : "a comma")),
  units: choice("Second line", "values", ["values", "units"], (option) => `holds ${option}`),
};

export type DataSettings = SettingsOf<typeof dataFields>;

/** A list of columns as a setting. */
export const listed = (names: readonly string[]): string => (names.length === 0 ? "" : JSON.stringify(names));

/** The columns of a setting; none where the address holds something else. */
export function columnsOf(setting: string): readonly string[] {
  const names = parsed(setting);
  return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : [];
}

/** The units of a setting, by column; none where the address holds something else. */
export function unitsOf(setting: string): ReadonlyMap<string, string> {
  const units = parsed(setting);
  const entries = typeof units === "object" && units !== null ? Object.entries(units) : [];
  return new Map(entries.filter(([, unit]) => typeof unit === "string"));
}

/** Units as a setting, one of them changed. */
export const withUnit = (setting: string, column: string, unit: string): string =>
  JSON.stringify(Object.fromEntries(new Map(unitsOf(setting)).set(column, unit.trim())));

function parsed(setting: string): unknown {
  try {
    return setting === "" ? undefined : JSON.parse(setting);
  } catch {
    return undefined;
  }
}
