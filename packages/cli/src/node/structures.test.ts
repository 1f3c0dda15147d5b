// Folders of crystals, as the commands take them: CIF files and POSCAR files that a table names, or that a model predicts for.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCsv } from "@hooke/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-structures-"));
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Crystals of caesium chloride's kind; the energy is that of springs between nearest neighbours, and of the cation. */
const cations = ["Na", "K", "Rb", "Cs", "Ag", "Tl"];
const crystals = Array.from({ length: 30 }, (_, i) => {
  const edge = 3.4 + ((i * 7) % 30) / 30;
  const cation = cations[i % 6]!;
  return { name: `c${i}`, cation, edge, energy: 8 * (edge * Math.sqrt(0.75) - 3.3) ** 2 + (i % 6) / 2 };
});
const cif = (cation: string, edge: number) =>
  `data_${cation}Cl
${["a", "b", "c"].map((axis) => `_cell_length_${axis} ${edge}(2)`).join("\n")}
${["alpha", "beta", "gamma"].map((angle) => `_cell_angle_${angle} 90`).join("\n")}
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
${cation}1 0 0 0
Cl1 0.5 0.5 0.5
`;

beforeAll(() => {
  mkdirSync(file("cifs"));
  for (const { name, cation, edge } of crystals) writeFileSync(file(`cifs/${name}.cif`), cif(cation, edge));
  const disordered = cif("Na", 4).replace("_atom_site_fract_z\n", "_atom_site_fract_z\n_atom_site_occupancy\n");
  writeFileSync(
    file("cifs/mixed.cif"),
    disordered.replace("0 0 0", "0 0 0 0.5").replace("0.5 0.5 0.5", "0.5 0.5 0.5 1"),
  );
  const rows = crystals.map(({ name, energy }, i) => `${name},${energy},${i % 4},lab${i % 3}\n`);
  writeFileSync(file("cifs/energies.csv"), `id,energy,pressure,lab\n${rows.join("")}mixed,1,0,lab0\nlost,2,0,lab1\n`);
});

test("advise, train, predict and explain take a folder of CIF files and the table in it", async () => {
  const asked = ["--target", "energy", "--budget", "0.1", "--cutoff", "4.5"];
  const advised = await run(["advise", file("cifs"), ...asked, "--json"]);
  expect(advised.code).toBe(0);
  expect(advised.messages).toContain("Note: energy is that of energies.csv in ");
  expect(advised.messages).toContain("1 file is named in energies.csv and not in ");
  expect(advised.messages).toContain(
    "1 of 31 structures cannot be read, and is left out:\n  mixed.cif: parseCif: site 0 is occupied",
  );
  const { record, rule, signal } = JSON.parse(advised.output);
  expect([rule.structure, signal.found, record.rows]).toEqual(["graphs", true, 30]);
  expect(record.inputs).not.toContain("pressure");
  expect(record.inputs).toContain("neighbours within 4.5");

  const model = file("energy.safetensors");
  const trained = await run(["train", file("cifs"), ...asked, "--method", "gaussian-process", "--out", model]);
  expect(trained.output).toContain("gaussianProcess, fitted on 30 rows to predict energy");

  // New ones, as VASP has them, in folders; the cutoff is that of the model.
  for (const { name, cation, edge } of crystals.slice(0, 4)) {
    mkdirSync(file(`runs/${name}`), { recursive: true });
    const lines = [name, edge, "1 0 0", "0 1 0", "0 0 1", `${cation} Cl`, "1 1", "Direct", "0 0 0", "-0.5 0.5 1.5"];
    writeFileSync(file(`runs/${name}/POSCAR`), `${lines.join("\n")}\n`);
  }
  const predicted = await run(["predict", model, file("runs")]);
  expect(predicted.code).toBe(0);
  const table = parseCsv(predicted.output);
  expect(table.columns.map(({ name }) => name)).toEqual(["file", "energy", "lower", "upper", "deviation", "domain"]);
  expect(table.columns[0]!.values[0]).toBe("c0/POSCAR");
  for (const [i, { energy }] of crystals.slice(0, 4).entries()) {
    expect(Math.abs(Number(table.columns[1]!.values[i]) - energy)).toBeLessThan(0.3);
  }
  expect(table.columns[5]!.values.every((cell) => cell === "inside")).toBe(true);
  const explained = await run(["explain", model, file("cifs")]);
  expect(explained.code).toBe(0);
  expect(explained.output).toContain("distance");
  const told = await run(["report", model, file("cifs"), "--out", file("energies.html")]);
  expect(told).toMatchObject({ code: 0 });
  expect(told.output).toContain("30 rows");
});

test("a network of graphs is fitted by its name, and explained atom by atom", async () => {
  mkdirSync(file("few"));
  for (const { name, cation, edge } of crystals.slice(0, 8)) writeFileSync(file(`few/${name}.cif`), cif(cation, edge));
  const rows = crystals.slice(0, 8).map(({ name, energy }) => `${name}.cif,${energy}\n`);
  writeFileSync(file("few.csv"), `file,energy\n${rows.join("")}`);
  const args = [file("few"), "--labels", file("few.csv"), "--target", "energy", "--cutoff", "4"];
  const model = file("network.safetensors");
  const trained = await run(["train", ...args, "--method", "schnet", "--out", model]);
  expect(trained).toMatchObject({ code: 0 });
  const explained = await run(["explain", model, file("few"), "--labels", file("few.csv")]);
  expect(explained.output).toContain("Shares of the atoms of 8 structures");
});

test("columns of the table are inputs where they are named, in predict too, and groups", async () => {
  const model = file("pressed.safetensors");
  const asked = ["--target", "energy", "--inputs", "pressure", "--groups", "lab", "--method", "ridge"];
  expect((await run(["train", file("cifs"), ...asked, "--out", model])).code).toBe(0);
  const without = await run(["predict", model, file("cifs")]);
  expect(without.messages).toContain('the model learned from "pressure", too; give the table');
  const labelled = await run(["predict", model, file("cifs"), "--labels", file("cifs/energies.csv")]);
  expect(labelled.code).toBe(0);
  expect(parseCsv(labelled.output).rowCount).toBe(30);
  // One that is named twice is one column; those of the files need no name.
  const named = ["train", file("cifs"), "--target", "energy", "--method", "ridge", "--out", model];
  expect(await run([...named, "--inputs", "pressure,lab", "--groups", "lab"])).toMatchObject({ code: 0 });
  const own = await run([...named, "--inputs", "volume per atom"]);
  expect(own.messages).toContain(
    'energies.csv: has no column "volume per atom"; that of the files is an input without being named.',
  );
});

test("what does not fit is refused by name", async () => {
  const asked = ["--target", "energy", "--budget", "0.1"];
  const unlike = await run(["advise", file("cifs"), "--target", "enrgy"]);
  expect(unlike).toMatchObject({ code: 1, output: "" });
  expect(unlike.messages).toContain('Did you mean "energy"?');
  mkdirSync(file("empty"));
  expect((await run(["advise", file("empty"), ...asked])).messages).toContain("holds no file that can be learned from");
  mkdirSync(file("lone"));
  writeFileSync(file("lone/a.cif"), cif("Na", 4));
  expect((await run(["advise", file("lone"), ...asked])).messages).toContain(
    'holds 1 file ("a.cif"), and no table of it; give the table that names it and holds "energy": --labels FILE.csv',
  );
  writeFileSync(file("lone/a.png"), "");
  expect((await run(["advise", file("lone"), ...asked])).messages).toContain("keep one kind in a folder");
  writeFileSync(file("names.csv"), "file,energy\nb.cif,1\n");
  const none = await run(["advise", file("cifs"), ...asked, "--labels", file("names.csv")]);
  expect(none.messages).toContain('column "file" names none of the files: "b.cif" first, and');
});
