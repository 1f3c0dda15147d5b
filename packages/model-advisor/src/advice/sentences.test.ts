// What is said of more rows, by how rows were held back.
import { expect, it } from "vitest";
import { type Split, splits } from "../splits/splits.ts";
import { type AdviceFacts, sentencesOf } from "./sentences.ts";

const said = (split: Split, rows: number): string =>
  sentencesOf({
    target: "y",
    signal: { found: false, skill: 0, pValue: 1 },
    tie: [],
    elsewhere: [],
    rule: { scenario: "any", recommends: ["ridge"] },
    comparison: { error: "rmse", methods: [] },
    record: { split, rows: 80, measuredRows: 80 },
    moreData: { atTwice: { error: 2, band: [1.5, 2.5] }, rowsForTenthLess: { rows, band: [10, rows] } },
  } as unknown as AdviceFacts).at(-1)!;

it("says what readability costs where what is recommended cannot be read, and of nothing else", () => {
  const readability = (recommended: { readonly method: string; readonly readable: boolean }, price: number): string[] =>
    sentencesOf({
      target: "y",
      signal: { found: true, skill: 0.5, pValue: 0 },
      tie: [],
      elsewhere: [],
      rule: { scenario: "any", recommends: ["ridge"] },
      comparison: { error: "rmse", methods: [] },
      record: { split: splits.random(), rows: 80, measuredRows: 80 },
      recommended: {
        error: 1,
        standardError: 0.1,
        range: [0.9, 1.1],
        skill: 0.5,
        split: "by row",
        because: "",
        ...recommended,
      },
      readable: { method: "elastic net", price },
    } as unknown as AdviceFacts).filter((sentence) => sentence.includes("can be read"));
  expect(readability({ method: "ridge", readable: true }, 0)).toEqual([]);
  expect(readability({ method: "blend", readable: false }, 0.2)).toEqual([
    "A model that can be read costs 20 % more error (elastic net).",
  ]);
  expect(readability({ method: "blend", readable: false }, 0)).toEqual([
    "Of all that was measured one that can be read had the least error: elastic net.",
  ]);
});

it.each<[string, Split, number, string]>([
  [
    "rows",
    splits.random(),
    93,
    "With twice the rows expect 2 (1.5 to 2.5); a tenth less error takes about 93 more rows.",
  ],
  [
    "groups",
    splits.grouped(),
    93,
    "With twice the rows, the second half of new groups, expect 2 (1.5 to 2.5); a tenth less error takes about 93 more rows of new groups.",
  ],
  [
    "groups that bring nothing",
    splits.grouped(),
    Number.POSITIVE_INFINITY,
    "With twice the rows, the second half of new groups, expect 2 (1.5 to 2.5): more rows of new groups bring no tenth less.",
  ],
])("promises more %s", (_, split, rows, sentence) => {
  expect(said(split, rows)).toBe(sentence);
});
