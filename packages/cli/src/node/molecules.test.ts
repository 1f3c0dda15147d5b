// Tables of molecules, as the commands take them: advised, trained on, predicted for, measured.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCsv } from "@hooke/data";
import { afterAll, expect, test } from "vitest";
import { run } from "./run.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-molecules-"));
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Alcohols, amines and ethers of different lengths; the target is what an atom adds, and the temperature. */
const ends = ["O", "N", "OC", "Cl", "(C)O"];
const molecules = Array.from({ length: 30 }, (_, i) => `${"C".repeat(2 + (i % 6))}${ends[i % 5]}`);
const value = (smiles: string, row: number): number => smiles.replace(/[()]/g, "").length * 2 + (row % 4);
const rows = (list: readonly string[]) =>
  `molecule,heat,boiling\n${list.map((smiles, row) => `${smiles},${row % 4},${value(smiles, row)}\n`).join("")}`;
writeFileSync(file("known.csv"), rows(molecules));
writeFileSync(file("new.csv"), rows(["CCCCO", "CCCN"]));
const known = [file("known.csv"), "--target", "boiling", "--groups", "none", "--budget", "0.1"];

test("a column of SMILES is found, said, and taken by predict and report, too", async () => {
  const advised = await run(["advise", ...known]);
  expect(advised.code).toBe(0);
  expect(advised.output.replace(/\s+/g, " ")).toContain(
    'Assumed: "molecule" holds molecules, because every cell can be read as SMILES (overrule: --smiles none).',
  );
  const model = file("boiling.safetensors");
  const trained = await run(["train", ...known, "--method", "ridge", "--out", model]);
  expect(trained.code).toBe(0);
  const predicted = await run(["predict", model, file("new.csv")]);
  expect(predicted.code).toBe(0);
  const table = parseCsv(predicted.output);
  expect(table.columns.map(({ name }) => name)).toEqual(["line", "boiling", "lower", "upper", "deviation", "domain"]);
  expect(Math.abs(Number(table.columns[1]!.values[0]) - 10)).toBeLessThan(2);
  const reported = await run(["report", model, file("new.csv"), "--out", file("new.html"), "--json"]);
  expect(JSON.parse(reported.output).measured.RMSE).toBeLessThan(2);
  const explained = await run(["explain", model, file("known.csv")]);
  expect(explained.output).toContain("of molecule");

  writeFileSync(file("broken.csv"), "molecule,heat\nCCQ,1\n");
  const broken = await run(["predict", model, file("broken.csv")]);
  expect(broken.messages).toContain('column "molecule", line 2: "CCQ" is no SMILES');
});

test("a network of graphs is fitted by its name, and explained atom by atom", async () => {
  const model = file("network.safetensors");
  writeFileSync(file("few.csv"), rows(molecules.slice(0, 9)));
  const args = ["train", file("few.csv"), "--target", "boiling", "--groups", "none", "--method", "message-passing"];
  const trained = await run([...args, "--out", model]);
  expect(trained).toMatchObject({ code: 0, messages: "" });
  expect(trained.output).toContain("graphNetwork, fitted on 9 rows to predict boiling");
  const explained = await run(["explain", model, file("new.csv"), "--shares", file("atoms.csv")]);
  expect(explained.output).toContain("Shares of the atoms of 2 structures");
  const atoms = parseCsv(readFileSync(file("atoms.csv"), "utf8"));
  expect(atoms.columns.map(({ name }) => name)).toEqual(["line", "of", "prediction", "atom", "kind", "share"]);
  expect(atoms.columns[4]!.values).toEqual(["C", "C", "C", "C", "O", "C", "C", "C", "N"]);
  const none = await run([...args.slice(0, -1), "lstm", "--out", model]);
  expect(none.messages).toContain("message-passing");
});

test("--smiles none reads texts as texts", async () => {
  const advised = await run(["advise", ...known, "--smiles", "none", "--json"]);
  expect(JSON.parse(advised.output).record.inputs).not.toContain("weight of molecule");
});
