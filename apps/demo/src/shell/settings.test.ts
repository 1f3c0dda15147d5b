// A link restores the settings it was made from, and nothing outside their limits.
import { expect, it } from "vitest";
import {
  backend,
  choice,
  computing,
  describe,
  fromQuery,
  initialOf,
  real,
  type SettingsOf,
  slider,
  text,
  toQuery,
  whole,
} from "./settings.ts";

const fields = {
  backend,
  activation: choice("Activation", "relu", ["relu", "tanh"]),
  width: whole("Hidden width", 64, { least: 1, most: 512 }),
  rate: real("Learning rate", 1e-3, { least: 1e-6, most: 10 }),
  seed: whole("Seed", 42, { least: 0, most: 4_294_967_295 }),
};
const initial = initialOf(fields);

it("restores every setting from the address", () => {
  const settings: SettingsOf<typeof fields> = {
    backend: "wasm",
    width: 32,
    activation: "tanh",
    rate: 0.003,
    seed: 0,
  };
  expect(fromQuery(fields, toQuery(fields, settings))).toEqual(settings);
});

it.each(["", "width=0&seed=-1", "width=1.5&rate=NaN", "activation=nonsense&rate=99", "width=", "other=3"])(
  "keeps the defaults for %j",
  (query) => expect(fromQuery(fields, query)).toEqual(initial),
);

it("says what is set otherwise than at first", () => {
  expect(describe(fields, { ...initial, seed: 7, activation: "tanh" })).toBe("activation tanh, seed 7");
  expect(describe(fields, initial)).toBe("standard settings");
  const named = { sides: choice("Sides", "1", ["1", "2"], (option) => `${option} m by 1 m`) };
  expect(describe(named, { sides: "2" })).toBe("sides 2 m by 1 m");
  const listing = { left: text("Left out", "", (list) => list.replaceAll(";", ", ")) };
  expect(describe(listing, { left: "a;b" })).toBe("left out a, b");
});

it("keeps in the address what is looked at, and leaves it out of what is computed", () => {
  const looking = { seed: fields.seed, specimen: slider("Specimen", 1, { least: 1, most: 68 }) };
  const settings = { seed: 7, specimen: 12 };
  expect(fromQuery(looking, toQuery(looking, settings))).toEqual(settings);
  expect(toQuery(computing(looking), settings)).toBe("seed=7");
  expect(describe(computing(looking), settings)).toBe("seed 7");
  expect(fromQuery(looking, "seed=7&specimen=1.5").specimen).toBe(1);
  // The address of a run, as the list of jobs has it, says nothing of it.
  expect(fromQuery(looking, "seed=8", settings)).toEqual({ seed: 8, specimen: 12 });
});
