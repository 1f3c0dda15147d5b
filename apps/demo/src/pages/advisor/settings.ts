// What advice is asked for: the table, the purpose, the time.
import { dataFields } from "../../data/fields.ts";
import { backend, choice, type SettingsOf, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  /** Groups: a column, `"none"`, or empty: they are looked for. */
  ...dataFields,
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
