// What advice is asked for: the file and how it is written, the columns, the purpose, the time.
import { backend, choice, type SettingsOf, text, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  /** Of `files.ts`. */
  data: text("Data"),
  target: text("Target"),
  /** A column, `"none"`, or empty: they are looked for. */
  groups: text("Groups"),
  /** Columns that are no inputs, as a JSON list. */
  left: text("Left out"),
  /** Columns of numbers that are names, as a JSON list. */
  names: text("Names"),
  /** Texts that mean no value, between blanks. */
  missing: text("Missing cells"),
  delimiter: choice("Cells are parted by", ",", [",", ";", "tab", "blanks"], (option) => {
    return option === "," ? "commas" : option === ";" ? "semicolons" : option === "tab" ? "tabs" : option;
  }),
  decimal: choice("Decimals follow", ".", [".", ","], (option) => (option === "." ? "a point" : "a comma")),
  units: choice("Second line", "values", ["values", "units"], (option) => `holds ${option}`),
  purpose: choice(
    "The model is for",
    "auto",
    ["auto", "same-population", "new-group", "new-family", "beyond-range", "later"],
    (option) =>
      ({
        auto: "what the groups ask for",
        "same-population": "more rows like these",
        "new-group": "rows of new groups, such as specimens",
        "new-family": "rows of another family",
        "beyond-range": "targets beyond those seen",
        later: "rows that come later",
      })[option],
  ),
  readable: choice("A model that can be read", "preferred", ["preferred", "required", "indifferent"], (option) =>
    option === "indifferent" ? "does not matter" : `is ${option}`,
  ),
  seconds: whole("Seconds to measure", 30, { least: 1, most: 3600 }),
  seed: whole("Seed", 0, { least: 0, most: 4_294_967_295 }),
};

export type Settings = SettingsOf<typeof fields>;

/** A list of columns as a setting. */
export const listed = (names: readonly string[]): string => (names.length === 0 ? "" : JSON.stringify(names));

/** The columns of a setting; none where the address holds something else. */
export function columnsOf(setting: string): readonly string[] {
  try {
    const names: unknown = setting === "" ? [] : JSON.parse(setting);
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : [];
  } catch {
    return [];
  }
}
