// The matrix counts what passes, is skipped and fails, and numbers the reasons.
import { expect, test } from "vitest";
import { matrix } from "./matrix.ts";

test("cells state passes, skips with their reasons, failures and absence", () => {
  const primitive = { group: "primitives", name: "tan" };
  const page = matrix(
    [
      { title: "a", results: [{ ...primitive, ran: 2, skipped: [], problems: [] }] },
      {
        title: "b",
        results: [{ ...primitive, ran: 1, skipped: [{ title: "tan: x", reason: "no f64" }], problems: [] }],
      },
      { title: "c", results: [{ ...primitive, ran: 2, skipped: [], problems: ["tan: x"] }] },
      { title: "d", absent: "no GPU" },
    ],
    { date: "2026-01-02", versions: ["Node 24"], tolerance: () => "exact" },
  );
  expect(page).toContain("2026-01-02. Node 24.");
  expect(page.replaceAll(/ +/g, " ")).toContain(
    "| `tan` | 2 pass | 1 pass, 1 skip (1) | **fail**: 1 problems in 2 | not run (2) |",
  );
  expect(page).toContain("- exact: `tan`\n");
  expect(page).toContain("1. no f64\n2. no GPU\n");
});

test("a layer that is called as a primitive counts in the table of its package alone", () => {
  const one = { name: "reshape", ran: 2, skipped: [], problems: [] };
  const results = [
    { group: "primitives", ...one },
    { group: "@hooke/core", ...one, ran: 3 },
  ];
  const origin = { date: "2026-01-02", versions: [], tolerance: () => "exact" };
  const page = matrix([{ title: "a", results }], origin).replaceAll(/ +/g, " ");
  expect(page).toContain("| `reshape` | 2 pass |");
  expect(page).toContain("### @hooke/core\n\n| layer | a |\n| ------- | ------ |\n| reshape | 3 pass |");
  expect(page).toContain("| all | 5 pass |");
});
