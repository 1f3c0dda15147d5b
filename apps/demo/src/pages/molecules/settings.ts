// What learning from molecules is decided by.
import { dataFields } from "../../data/fields.ts";
import { backend, type SettingsOf, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  /** No file: the molecules of `sample.ts`. */
  ...dataFields,
  members: whole("Networks", 3, { least: 2, most: 10 }),
  updates: whole("Updates of each", 400, { least: 10, most: 10_000 }),
  seed: whole("Seed", 0, { least: 0, most: 4_294_967_295 }),
};

export type Settings = SettingsOf<typeof fields>;
