// Inputs that are missing, and categories that are new: outside where no row seen was so.
import { samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { checkDomain, domainOf } from "./domain.ts";

const count = Array.from({ length: 20 }, (_, i) => i);
const seen = tableOf({
  carbon: count.map((i) => (i % 5 === 0 ? Number.NaN : i / 100)),
  temper: count.map((i) => 200 + 10 * (i % 4)),
  lab: count.map((i) => (i % 7 === 0 ? "" : ["a", "b"][i % 2]!)),
  heat: count.map((i) => `H${i % 3}`),
  strength: count,
});
const card = domainOf(samplesOf(seen, "strength", {}));

it("takes what was missing in rows seen for inside, and says of the rest what is missing or new", () => {
  expect(checkDomain(card, seen).every(({ inside }) => inside)).toBe(true);
  const asked = tableOf({
    carbon: [0.1, 0.1, 0.1, Number.NaN],
    temper: [Number.NaN, 210, 210, 210],
    lab: ["a", "", "c", ""],
    heat: ["H1", "", "H1", "H9"],
  });
  expect(checkDomain(card, asked).map(({ because }) => because)).toEqual([
    ["temper is missing, and was in no row seen"],
    ["heat is missing, and was in no row seen"],
    ['lab "c" is none that was seen'],
    ['heat "H9" is none that was seen'],
  ]);
});
