// Folders of histories, as the commands take them: a CSV file for each specimen, and a table that says what became of it.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnOf, numbersOf, parseCsv } from "@hooke/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-histories-"));
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads that swing by an amplitude around a mean; the life falls with the amplitude. Histories are of 20 to 24 steps. */
const specimens = Array.from({ length: 24 }, (_, i) => ({
  name: `S${String(i + 1).padStart(2, "0")}`,
  amplitude: 1 + ((i * 7) % 24) / 12,
  steps: 20 + (i % 5),
}));
const lifeOf = (amplitude: number): number => 12 - 3 * amplitude;
const history = (amplitude: number, steps: number): string =>
  `time_s,load_kN\n${Array.from({ length: steps }, (_, t) => `${t / 10},${(2 + amplitude * Math.sin(t)).toFixed(4)}\n`).join("")}`;

beforeAll(() => {
  mkdirSync(file("loads"));
  for (const { name, amplitude, steps } of specimens)
    writeFileSync(file(`loads/${name}.csv`), history(amplitude, steps));
  const rows = specimens.map(({ name, amplitude }, i) => `${name},${lifeOf(amplitude).toFixed(3)},heat${i % 3}\n`);
  writeFileSync(file("loads/lives.csv"), `specimen,life,heat\n${rows.join("")}`);
});

test("advise, train, predict and explain take a folder of histories and the table in it", async () => {
  const asked = ["--target", "life", "--budget", "0.1", "--channels", "load_kN"];
  const advised = await run(["advise", file("loads"), ...asked, "--json"]);
  expect(advised.code).toBe(0);
  expect(advised.messages).toContain("Note: life is that of lives.csv in ");
  const { record, rule, signal } = JSON.parse(advised.output);
  expect([rule.structure, signal.found, record.rows]).toEqual(["sequences", true, 24]);
  expect(record.inputs).not.toContain("heat");

  const model = file("life.safetensors");
  const method = ["--method", "features-with-a-line"];
  expect((await run(["train", file("loads"), ...asked, ...method, "--out", model])).code).toBe(0);
  mkdirSync(file("new"));
  writeFileSync(file("new/A.csv"), history(1.5, 18));
  writeFileSync(file("new/B.csv"), history(2.5, 22));
  const predicted = await run(["predict", model, file("new")]);
  expect(predicted.code).toBe(0);
  const table = parseCsv(predicted.output);
  expect(columnOf(table, "file").values).toEqual(["A.csv", "B.csv"]);
  expect(Math.abs(numbersOf(table, "life")[0]! - lifeOf(1.5))).toBeLessThan(1);
  expect(Math.abs(numbersOf(table, "life")[1]! - lifeOf(2.5))).toBeLessThan(1);
  mkdirSync(file("some"));
  for (const name of ["lives", ...specimens.slice(0, 12).map((each) => each.name)])
    copyFileSync(file(`loads/${name}.csv`), file(`some/${name}.csv`));
  const explained = await run(["explain", model, file("some")]);
  expect(explained).toMatchObject({ code: 0 });
  expect(explained.output).toContain("load_kN");

  const told = await run(["report", model, file("loads"), "--out", file("lives.html"), "--groups", "heat", "--json"]);
  expect(told).toMatchObject({ code: 0 });
  const { rows, measured, byGroup } = JSON.parse(told.output);
  expect([rows, Object.keys(byGroup)]).toEqual([24, ["heat0", "heat1", "heat2"]]);
  expect(measured.RMSE).toBeLessThan(0.5);
  expect(readFileSync(file("lives.html"), "utf8")).toContain("How sequenceFeatures with bounds predicts life");

  // The table of files is none of them.
  expect(parseCsv((await run(["predict", model, file("loads")])).output).rowCount).toBe(24);

  writeFileSync(file("new/C.csv"), history(2, 40));
  const long = await run(["predict", model, file("new")]);
  expect(long).toMatchObject({ code: 1, output: "" });
  expect(long.messages).toContain("C.csv: has 40 steps; the model learned from 24 at most");
});

test("long histories are shortened to spans that keep their extremes, in predict as in train", async () => {
  mkdirSync(file("long"));
  for (const { name, amplitude, steps } of specimens) {
    writeFileSync(file(`long/${name}.csv`), history(amplitude, 60 * steps));
  }
  const asked = ["--labels", file("loads/lives.csv"), "--target", "life", "--channels", "load_kN"];
  const model = file("long.safetensors");
  const train = ["train", file("long"), ...asked, "--method", "ridge", "--out", model];
  const refused = await run(train);
  expect(refused.messages).toContain("S05.csv has 1440 steps, and methods take 1000; --steps 200 makes 200 spans");
  const trained = await run([...train, "--steps", "20", "--json"]);
  expect(trained.code).toBe(0);
  const names = JSON.parse(trained.output).inputs.map(({ name }: { readonly name: string }) => name);
  expect(names.slice(0, 2)).toEqual(["steps", "load_kN mean 0"]);
  expect(names).toContain("load_kN greatest 19");
  const predicted = parseCsv((await run(["predict", model, file("long")])).output);
  const errors = specimens.map(({ amplitude }, i) => Math.abs(numbersOf(predicted, "life")[i]! - lifeOf(amplitude)));
  expect(Math.max(...errors)).toBeLessThan(0.3);
});

test("what does not fit is refused by name", async () => {
  const asked = ["--target", "life", "--budget", "0.1"];
  mkdirSync(file("unlike"));
  writeFileSync(file("unlike/a.csv"), history(1, 12));
  writeFileSync(file("unlike/b.csv"), history(1, 12).replace("load_kN", "force_kN"));
  writeFileSync(file("unlike.csv"), "file,life\na.csv,1\nb.csv,2\n");
  const args = ["advise", file("unlike"), "--labels", file("unlike.csv"), ...asked];
  expect((await run(args)).messages).toContain(
    'b.csv has the columns "time_s", "force_kN", and a.csv "time_s", "load_kN"',
  );
  expect((await run([...args, "--channels", "load_kN"])).messages).toContain('b.csv: there is no column "load_kN"');
  writeFileSync(file("unlike/b.csv"), history(1, 12).replace("2.0000", "1,5"));
  expect((await run(args)).messages).toContain("b.csv");
  writeFileSync(file("unlike/b.csv"), history(1, 5));
  writeFileSync(file("unlike/a.csv"), history(1, 5));
  expect((await run(args)).messages).toContain("the longest history has 5 steps; a sequence has 9 or more");
});

const virkler = new URL("../../../../../shared/data/virkler.csv", import.meta.url);
if (!existsSync(virkler)) console.warn("No histories of real cracks: shared/data/virkler.csv is not there.");
test.skipIf(!existsSync(virkler))("cracks that were measured say how long specimens last", async () => {
  const table = parseCsv(readFileSync(virkler, "utf8"));
  const [specimen, length, cycles] = ["specimen", "crack_length_mm", "cycles"].map((name) => numbersOf(table, name));
  mkdirSync(file("cracks"));
  const lives: string[] = [];
  for (const name of new Set(specimen)) {
    const rows = Array.from(specimen!.keys()).filter((row) => specimen![row] === name);
    // The first nine readings; the life is where the record ends.
    const early = rows.slice(0, 9).map((row) => `${cycles![row]},${length![row]}\n`);
    writeFileSync(file(`cracks/${name}.csv`), `cycles,crack_length_mm\n${early.join("")}`);
    lives.push(`${name},${cycles![rows.at(-1)!]}\n`);
  }
  writeFileSync(file("cracks/lives.csv"), `specimen,life_cycles\n${lives.join("")}`);
  const asked = ["--target", "life_cycles", "--budget", "0.1", "--json"];
  const advised = await run(["advise", file("cracks"), ...asked]);
  expect(advised.code).toBe(0);
  const { recommended, record } = JSON.parse(advised.output);
  expect(record.rows).toBe(68);
  expect(recommended.skill).toBeGreaterThan(0.5);
});
