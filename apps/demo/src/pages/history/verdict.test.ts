// The verdict names the smallest error, and calls a difference clear only where the specimens agree on it.
import type { Score } from "@hooke/example-crack-growth/scores.ts";
import { expect, it } from "vitest";
import { isClear, verdictOf } from "./verdict.ts";

/** A score of these errors, by specimen. */
const score = (method: string, bySpecimen: readonly number[]): Score => ({
  ...{ method, bySpecimen, mae: 0, foldMean: 0, foldDeviation: 0, byStep: [] },
  rmse: Math.sqrt(bySpecimen.reduce((sum, error) => sum + error * error, 0) / bySpecimen.length),
});
const law = score("law", [0.4, 0.5, 0.4, 0.5]);
// Everywhere smaller by 0.1, and smaller by a single specimen.
const lstm = score("LSTM", [0.3, 0.4, 0.3, 0.4]);
const transformer = score("Transformer", [0.4, 0.5, 0.4, 0.1]);

it("calls a difference clear that is more than twice its standard error", () => {
  // Squared errors differ by 0.07, 0.09, 0.07, 0.09: mean 0.08, standard error 0.0058.
  expect(isClear(lstm, law)).toBe(true);
  expect(isClear(law, lstm)).toBe(false);
  // By 0, 0, 0, 0.24: mean 0.06, standard error 0.06.
  expect(isClear(transformer, law)).toBe(false);
});

it("says who wins, who cannot be told apart, and how networks stand to the law", () => {
  const contest = { toBeat: "law", networks: ["LSTM", "Transformer"] };
  expect(verdictOf({ ...contest, scores: [law, lstm] })).toEqual([]);
  expect(verdictOf({ ...contest, scores: [law, lstm, transformer] })).toEqual([
    "LSTM has the smallest error: 0.354 mm over 4 specimens held out. On so many it cannot be told apart from “Transformer”.",
    "LSTM: 0.354 mm, 22 % less than the law's 0.453 mm; better than the law on 4 of 4 specimens.",
    "Transformer: 0.381 mm, 16 % less than the law's 0.453 mm (within chance); better than the law on 1 of 4 specimens.",
  ]);
});
