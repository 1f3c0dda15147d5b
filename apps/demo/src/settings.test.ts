// A link restores the settings it was made from, and nothing outside their ranges.
import { expect, it } from "vitest";
import { defaults, fromHash, type Settings, toHash } from "./settings.ts";

it("restores every setting from the address", () => {
  const settings: Settings = {
    ...defaults,
    width: 32,
    activation: "tanh",
    learningRate: 0.003,
    weightDecay: 0,
    seed: 7,
  };
  expect(fromHash(toHash(settings))).toEqual(settings);
});

it.each(["", "#width=0&depth=1.5&epochs=NaN&seed=-1", "#activation=nonsense&learningRate=99", "#width="])(
  "keeps the defaults for %j",
  (hash) => expect(fromHash(hash)).toEqual(defaults),
);
