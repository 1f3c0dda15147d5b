// A link restores the settings it was made from, and nothing outside their ranges.
import { expect, it } from "vitest";
import { activations, defaults, difference, fromHash, type Settings, toHash } from "./settings.ts";

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

it("says what sets settings apart", () => {
  expect(difference({ ...defaults, seed: 7, activation: "tanh" }, defaults)).toBe("activation tanh, seed 7");
  expect(difference(defaults, { ...defaults })).toBe("");
});

it("offers the activations that act element by element", () => {
  expect(activations).toEqual(expect.arrayContaining(["exp", "gelu", "relu", "tanh"]));
  expect(activations).not.toContain("softmax");
  expect(activations).not.toContain("logSoftmax");
});
