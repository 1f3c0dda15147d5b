// What the plate is decided by.
import { backend, choice, type SettingsOf } from "../../shell/settings.ts";

export const fields = {
  backend,
  sides: choice("Sides", "1", ["1", "1.5", "2"], (length) => `${length} m by 1 m`),
};

export type Settings = SettingsOf<typeof fields>;
