// The commands, end to end, on small tables in a temporary folder.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { baselines, decodeFitted } from "@hooke/baselines";
import { parseCsv } from "@hooke/data";
import { checkDomain, decodeModelFile, encodeModelFile } from "@hooke/model-advisor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Streams } from "./command.ts";
import { hooke } from "./hooke.ts";
import { run } from "./run.fixture.ts";
import { tableText, wrapped } from "./terminal.ts";
import { asTyped } from "./typed.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-cli-"));
const file = (name: string): string => join(folder, name);
const program = fileURLToPath(new URL("cli.ts", import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let training: ReturnType<typeof run> | undefined;

/** Trains the model of `ridge.safetensors`, once, and says what the command said. */
function trained() {
  const args = ["--target", "strength", "--method", "ridge", "--out", file("ridge.safetensors")];
  training ??= run(["train", file("steels.csv"), ...args]);
  return training;
}

beforeAll(() => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [carbon, temper] = [((i * 7) % 60) / 100, 200 + ((i * 11) % 60) * 5];
    return [carbon, temper, `H${i % 3}`, (300 + 400 * carbon - 0.5 * temper + ((i * 5) % 17)).toFixed(1)].join(",");
  });
  writeFileSync(file("steels.csv"), `carbon,temper,heat,strength\n${rows.join("\n")}\n`);
  writeFileSync(file("new.csv"), 'heat,carbon,temper\nH1,0.3,350\n"H9, new",0.31,355\nH2,2,300\n');
  writeFileSync(file("ragged.csv"), "a,b\n1,2\n3\n");
  writeFileSync(
    file("kinds.csv"),
    `load,life\n${rows.map((_, i) => `${i},${i < 30 ? "long" : "short"}`).join("\n")}\n`,
  );
});

/** What is advised on: numbers alone, which take a third of the time that they take beside a column of names. */
const alloys = ["--target", "strength", "--inputs", "carbon,temper"];

describe("advise", () => {
  test("says which method fits, as sentences, a table and a report", async () => {
    const args = ["advise", file("steels.csv"), ...alloys, "--groups", "none", "--budget", "0.1"];
    const { code, output, messages } = await run([...args, "--measured-rows", "50", "--report", file("advice.html")]);
    expect(code).toBe(0);
    expect(output).toMatch(/^Use (ridge|elastic net|quadratic): RMSE \d/);
    expect(output).toMatch(/^method +RMSE +\+- +skill/m);
    expect(output).toMatch(/^dummy +\d/m);
    expect(output).toContain("overrule: --measured-rows 60");
    expect(messages).toBe(`Report: ${file("advice.html")}\n`);
    expect(readFileSync(file("advice.html"), "utf8")).toContain("Which method fits strength");
  });

  test("stopped while it explains what it advises, has written the report without that", async () => {
    const args = ["advise", file("steels.csv"), ...alloys, "--groups", "none", "--budget", "0.1"];
    const stop = new AbortController();
    let said = "";
    const messages = {
      isTTY: true,
      write(text: string) {
        said += text;
        if (text.includes("explaining")) stop.abort();
      },
    };
    const code = await hooke([...args, "--report", file("stopped.html")], {
      output: { write: () => true },
      messages,
      signal: stop.signal,
    });
    expect(code).toBe(130);
    expect(said).toContain(`Report: ${file("stopped.html")}\n`);
    expect(readFileSync(file("stopped.html"), "utf8")).toContain("Which method fits strength");
  });

  test("prints JSON alone for pipes, as a program", async () => {
    const args = ["advise", file("kinds.csv"), "--target", "life", "--groups", "none", "--budget", "0.1", "--json"];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ target: "life", signal: { found: true } });
  });

  test("Ctrl-C prints what is known by then, and exits with 130", async () => {
    const rows = Array.from({ length: 210 }, (_, i) => [Math.sin(i), Math.sin(2.3 * i), Math.sin(i) ** 2].join(","));
    writeFileSync(file("waves.csv"), `a,b,y\n${rows.join("\n")}\n`);
    const args = [program, "advise", file("waves.csv"), "--target", "y", "--groups", "none", "--budget", "300"];
    // A terminal sees how far it is: that is when the key is pressed.
    const terminal = ["--import", "data:text/javascript,process.stderr.isTTY = true"];
    const child = spawn(process.execPath, [...terminal, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, messages] = ["", ""];
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      if (!messages.includes("best so far") && String(chunk).includes("best so far")) child.kill("SIGINT");
      messages += chunk;
    });
    expect(await once(child, "close")).toEqual([130, null]);
    expect(messages).toMatch(/Stopped\.\n$/);
    expect(output).toMatch(/^Measured before the stop; best so far \w+:\n\nmethod +RMSE/);
  });
});

describe("a model", () => {
  test("is trained, asked with bounds and domain, and explained", async () => {
    const model = file("ridge.safetensors");
    expect(await trained()).toMatchObject({
      code: 0,
      output: `ridge with bounds, fitted on 60 rows to predict strength: ${model}\n`,
    });

    const asked = await run(["predict", model, file("new.csv"), "--level", "0.8"]);
    expect(asked.code).toBe(0);
    expect(asked.messages).toContain('Warning: heat "H9, new" (1 row) was not in training; it counts as missing.');
    expect(asked.messages).toContain("2 of 3 rows are outside");
    const table = parseCsv(asked.output);
    const [, value, lower, upper, deviation, domain] = table.columns.map(({ values }) => values);
    const truth = 300 + 400 * 0.3 - 0.5 * 350 + 8;
    expect(Number(value![0])).toBeGreaterThan(truth - 10);
    expect(Number(value![0])).toBeLessThan(truth + 10);
    expect(lower![0]! < value![0]! && value![0]! < upper![0]!).toBe(true);
    expect(deviation![0]).toBeGreaterThan(0);
    expect(domain).toEqual([
      "inside",
      'outside: heat "H9, new" is none that was seen',
      "outside: carbon 2 is above 0.59, the largest seen",
    ]);

    const explained = await run(["explain", model, file("steels.csv")]);
    expect(explained.output).toMatch(
      /^strength rises by 39 for each 0\.1 of carbon, others equal \(38 to 40 in 95 % of draws\)\.$/m,
    );
    expect(explained.output).toMatch(/^strength +temper +-0\.[45]/m);
    expect(explained.output).toMatch(/^shuffled +rise of the error/m);
    const report = file("explanation.html");
    const told = await run(["explain", model, file("steels.csv"), "--groups", "heat", "--json", "--report", report]);
    expect(told.messages).toContain("Report: ");
    expect(JSON.parse(told.output)).toMatchObject({
      method: "ridge",
      own: { kind: "coefficients" },
      target: "strength",
    });
    const shares = file("shares.csv");
    const shared = await run(["explain", model, file("steels.csv"), "--shares", shares]);
    expect(shared.messages).toContain("Shares: ");
    const parts = parseCsv(readFileSync(shares, "utf8"));
    const column = (name: string) => parts.columns.find((each) => each.name === name)!.values as Float64Array;
    const inputs = parts.columns.map(({ name }) => name).filter((name) => name.startsWith("share of "));
    expect(inputs).toEqual(["share of carbon", "share of temper", "share of heat"]);
    for (const [row, prediction] of column("prediction").entries()) {
      const sum = inputs.reduce((all, name) => all + column(name)[row]!, column("base")[row]!);
      expect(sum).toBeCloseTo(prediction, 6);
    }
    expect(readFileSync(report, "utf8")).toContain("What inputs are worth");
  });

  test("is measured on rows whose target is known, in a report", async () => {
    await trained();
    const rows = ["0.31,352,H1,267", "0.05,480,H0,88.5", "0.5,210,H2,401", "2,300,H0,950", "0.1,300,H1,"];
    writeFileSync(file("known.csv"), `carbon,temper,heat,strength\n${rows.join("\n")}\n`);
    const args = ["report", file("ridge.safetensors"), file("known.csv"), "--out", file("known.html")];
    const { code, output, messages } = await run(args);
    expect(code).toBe(0);
    expect(output).toMatch(/^ridge with bounds +4 rows\nRMSE +\d/);
    expect(output).toMatch(/^share within the 90 % bounds +(0\.75|1)$/m);
    expect(output).toContain("Warning: 1 of 4 rows are outside of what the model was taught on.");
    expect(messages).toBe(`Note: strength is missing in 1 row, which is left out.\nReport: ${file("known.html")}\n`);
    expect(readFileSync(file("known.html"), "utf8")).toContain("How ridge with bounds predicts strength");
    // The rows that it learned from.
    const own = await run(["report", args[1]!, file("steels.csv"), "--out", file("own.html"), "--json"]);
    const { measured, warnings, rows: count } = JSON.parse(own.output);
    expect(count).toBe(60);
    expect(measured.RMSE).toBeLessThan(6);
    expect(measured.R2).toBeGreaterThan(0.99);
    expect(warnings).toEqual([expect.stringContaining("as many rows as the model learned from")]);
  });

  test("of a network says how sure it is, and a report judges that, group by group", async () => {
    const model = file("network.safetensors");
    const args = ["train", file("steels.csv"), ...alloys, "--out", model];
    // Bounds come of networks that each leave a heat out: three of them, where folds of rows would be ten.
    const options = ["--method", "network", "--uncertainty", "gaussian", "--groups", "heat"];
    const { code, output } = await run([...args, ...options]);
    expect(code).toBe(0);
    expect(output).toMatch(/^Warning: 3 groups are few .*\nnetwork \(gaussian\) with bounds, fitted on 60 rows/s);
    const told = await run([
      ...["report", model, file("steels.csv"), "--out", file("sure.html"), "--groups", "heat", "--level", "0.8"],
    ]);
    expect(told.output).toMatch(/^share within the 80 % bounds +(0\.\d+|1)$/m);
    for (const name of ["mean width of these", "interval score", "negative log-likelihood \\(nats\\)", "CRPS"])
      expect(told.output).toMatch(new RegExp(`^${name} +-?\\d`, "m"));
    expect(told.output).toMatch(/^calibration error +0\.\d+$/m);
    expect(told.output).toMatch(/^heat +within 80 %\nH0 +\d+(\.\d)? %\nH1 +/m);
    expect(readFileSync(file("sure.html"), "utf8")).toContain("share of targets within");
    const forest = await run([...args, "--method", "forest", "--uncertainty", "ensemble"]);
    expect(forest.messages).toContain(
      "--uncertainty ensemble, which is of networks, and --method forest; leave one out.",
    );
  });

  test("is what was advised, where none is named", async () => {
    const model = file("advised.safetensors");
    const args = ["train", file("steels.csv"), ...alloys, "--groups", "none", "--budget", "0.1", "--json"];
    const { code, output } = await run([...args, "--out", model]);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ model, rows: 60, target: { name: "strength" } });
    const predicted = await run(["predict", model, file("steels.csv"), "--out", file("predictions.csv"), "--json"]);
    expect(predicted).toMatchObject({ code: 0, output: "" });
    expect(JSON.parse(readFileSync(file("predictions.csv"), "utf8"))).toHaveLength(60);
  });

  test.each([
    ["boosting", /^strength +temper +\d+\.\d+$/m],
    ["gaussian-process", /^carbon +\d/m],
  ])("of %s explains itself", async (method, said) => {
    const model = file(`${method}.safetensors`);
    await run(["train", file("steels.csv"), "--target", "strength", "--method", method, "--out", model]);
    expect((await run(["explain", model, file("steels.csv")])).output).toMatch(said);
  });

  test("of classes predicts them with probabilities", async () => {
    const model = file("kinds.safetensors");
    await run(["train", file("kinds.csv"), "--target", "life", "--method", "logistic", "--out", model]);
    const { output } = await run(["predict", model, file("kinds.csv"), "--json"]);
    const records = JSON.parse(output) as Record<string, unknown>[];
    expect(records[0]).toMatchObject({ line: 2, life: "long", domain: "inside" });
    expect(records[0]!["probability of long"]).toBeGreaterThan(0.9);
    const told = await run(["report", model, file("kinds.csv"), "--out", file("kinds.html")]);
    expect(told.output).toMatch(/^share of right classes +1$/m);
    expect(readFileSync(file("kinds.html"), "utf8")).toContain("Actual against predicted classes");
    writeFileSync(file("unknown.csv"), "load,life\n3,long\n4,longer\n");
    const unknown = await run(["report", model, file("unknown.csv"), "--out", file("unknown.html")]);
    expect(unknown.messages).toContain('"life" is "longer" on line 3; the model knows "long", "short"');
  });

  test("keeps its domain in its file, bit for bit, which decodeFitted reads too", async () => {
    await trained();
    const bytes = readFileSync(file("ridge.safetensors"));
    const { fitted, domain } = decodeModelFile(bytes);
    const steels = parseCsv(readFileSync(file("steels.csv"), "utf8"));
    const again = decodeModelFile(encodeModelFile({ fitted, domain: domain! }));
    expect(again.domain).toEqual(domain);
    expect(checkDomain(domain!, steels).every(({ inside }) => inside)).toBe(true);
    const alone = decodeFitted(bytes, { plugins: [baselines] });
    expect(alone.predict(steels).values).toEqual(fitted.predict(steels).values);
    expect(decodeModelFile(encodeModelFile({ fitted })).domain).toBeUndefined();
  });
});

test("doctor says what is installed and what can run", async () => {
  const { code, output } = await run(["doctor", "--json"]);
  expect(code).toBe(0);
  const { node, backends, packages } = JSON.parse(output);
  expect(node).toEqual({ version: process.versions.node, supported: true });
  expect(backends.find(({ name }: { name: string }) => name === "wasm").available).toBe(true);
  expect(Object.keys(packages)).toContain("@hooke/model-advisor");
  const said = (await run(["doctor"])).output;
  expect(said).toMatch(/^wasm: runs on /m);
  expect(said).toMatch(/^vectors of 256 bits: (HOOKE_WIDE=1 gives them to wasm|wasm does without: .*\.$)/m);
  expect(said).toMatch(/^this machine: hooke sweep runs \d+ processes at once /m);
  expect(said).toMatch(/^MPI: ((Open MPI v|MPICH Version: )\d|none is found\. Install Open MPI or MPICH )/m);
  expect(said).toMatch(/^Slurm: (slurm-wlm |there is no sbatch here|sbatch is here and does not run)/m);
});

test("new makes a project that runs, and leaves others alone", async () => {
  // In the package, whose dependencies it finds.
  const scratch = mkdtempSync(fileURLToPath(new URL("../../node_modules/.new-", import.meta.url)));
  try {
    const project = join(scratch, "My Steels");
    mkdirSync(project);
    expect((await run(["new", project])).output).toContain("npm install\n  npm start\n");
    expect(JSON.parse(readFileSync(join(project, "package.json"), "utf8"))).toMatchObject({
      name: "my-steels",
      type: "module",
    });
    // The program as it is, with less time.
    const main = join(project, "main.js");
    writeFileSync(main, readFileSync(main, "utf8").replace("seconds: 10", "seconds: 0.1"));
    const { stdout } = await promisify(execFile)(process.execPath, ["main.js"], { cwd: project });
    expect(stdout).toMatch(/^Use /);
    expect(stdout).toMatch(/^0\.3 wt% carbon at 350 K: 46\d MPa \(\d+ to \d+\)$/m);
    expect(readFileSync(join(project, "report.html"), "utf8")).toContain("Which method fits strength");
    expect(await run(["new", project])).toMatchObject({
      code: 1,
      output: "",
      messages: expect.stringContaining("is not empty"),
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

test("a method of sequences is fitted by its name where columns are steps", async () => {
  const steps = Array.from({ length: 12 }, (_, t) => `load${t}`);
  const rows = Array.from({ length: 24 }, (_, i) =>
    [...steps.map((_, t) => Number(t === 2 + (i % 8))), i % 8].join(","),
  );
  writeFileSync(file("loads.csv"), `${steps.join(",")},place\n${rows.join("\n")}\n`);
  const model = file("loads.safetensors");
  const args = [file("loads.csv"), "--target", "place", "--out", model, "--method"];
  expect(await run(["train", ...args, "features-with-a-line"])).toMatchObject({ code: 0 });
  expect((await run(["predict", model, file("loads.csv")])).output).toMatch(
    /^line,place,lower,upper,deviation,domain\n2,/,
  );
  const refused = await run(["train", ...args, "random-kernel"]);
  expect(refused.messages).toContain("random-kernels-with-a-line, convolutional-network, lstm, transformer");
});

test("a workbook is told from a table by its name", async () => {
  const said = await run(["advise", file("tests.xlsx"), "--target", "strength"]);
  expect(said).toMatchObject({ code: 1, output: "" });
  expect(said.messages).toContain(
    "tests.xlsx: is a workbook of a spreadsheet, and tables are read from CSV files; save the sheet",
  );
});

describe("a file as people write them", () => {
  const lines = Array.from({ length: 12 }, (_, i) => [`${i}.5`, `${(i * 7) % 5}.25`, `${2 * i}.75`]);
  const plain = ["a,b,y", ...lines.map((cells) => cells.join(","))].join("\n");
  const commas = (text: string): string => text.replaceAll(",", ";").replaceAll(".", ",");
  const latin = Buffer.from(commas(plain).replace("a;", "Größe;"), "latin1");
  test.each<[string, string | Uint8Array, string, readonly string[]]>([
    ["semicolons", plain.replaceAll(",", ";"), 'pass --delimiter ";".', ["--delimiter", ";"]],
    ["commas", commas(plain), 'pass --delimiter ";", --decimal ",".', ["--delimiter", ";", "--decimal", ","]],
    ["tabs", plain.replaceAll(",", "\t"), "pass --delimiter tab.", ["--delimiter", "tab"]],
    ["marks", plain.replace("3.5,", "n/a,"), "pass --missing ", ["--missing", "n/a"]],
    ["units", plain.replace("\n", "\nmm,kN,MPa\n"), "pass --units if", ["--units"]],
    ["percents", plain.replaceAll(".5,", ".5%,"), 'pass --cell-units "a=%"', ["--cell-units", "a=%"]],
    ["thousands", plain.replaceAll(".75", "").replace("22", '"1,234.5"'), 'pass --thousands ","', ["--thousands", ","]],
    ["truths", plain.replaceAll(".5,", ".5,").replace(/,\d\.25,/g, ",True,"), "pass --booleans", ["--booleans"]],
    ["no name", plain.replace("a,", ","), "pass --repair-names", ["--repair-names"]],
    ["one name", plain.replace("a,b", "b,b"), "pass --repair-names", ["--repair-names"]],
    ["an encoding", latin, "--encoding windows-1252", ["--encoding", "latin1", "--delimiter", ";", "--decimal", ","]],
  ])("with %s is refused by the option that reads it", async (name, content, said, cure) => {
    const path = file(`${name}.csv`);
    writeFileSync(path, content);
    const args = ["train", path, "--target", "y", "--method", "ridge", "--out", file("written.safetensors")];
    const refused = await run(args);
    expect(refused).toMatchObject({ code: 1, output: "" });
    expect(refused.messages).toContain(said);
    expect(await run([...args, ...cure])).toMatchObject({ code: 0, messages: "" });
  });

  test("of which some targets are missing says how many rows it leaves out", async () => {
    writeFileSync(file("open.csv"), `${plain}\n3,4,\n5,6,\n`);
    const args = ["train", file("open.csv"), "--target", "y", "--method", "ridge", "--out", file("open.safetensors")];
    const { output, messages } = await run(args);
    expect(messages).toBe("Note: y is missing in 2 rows, which are left out.\n");
    expect(output).toContain("fitted on 12 rows");
  });

  test("of whose target the numbers are classes", async () => {
    const args = ["train", file("numbers.csv"), "--target", "y", "--classes", "--method", "logistic"];
    writeFileSync(file("numbers.csv"), `a,y\n${lines.map(([a], i) => `${a},${Number(i > 5)}`).join("\n")}\n`);
    expect(await run([...args, "--out", file("numbers.safetensors")])).toMatchObject({ code: 0, messages: "" });
  });
});

describe("mistakes", () => {
  test.each([
    [["advise", "DATA", "--traget", "y"], 2, "advise has no option --traget. Did you mean --target?"],
    [["advize"], 2, 'there is no command "advize". Did you mean "advise"?'],
    [["advise", "DATA"], 2, "advise needs --target COLUMN."],
    [["advise", "--target", "y"], 2, "advise needs DATA.csv."],
    [["advise", "DATA", "more.csv", "--target", "y"], 2, '"more.csv" is one too many'],
    [["advise", "DATA", "--target", "y", "--budget", "soon"], 2, '--budget received "soon"; give a number above 0.'],
    [["advise", "DATA", "--target", "y", "--measured-rows", "0"], 2, "give a whole number from 1."],
    [["advise", "DATA", "--target", "y", "--json=yes"], 2, "--json"],
    [["advise", "DATA", "--target"], 2, "--target"],
    [["advise", "DATA", "--target", "strenght"], 1, 'there is no column "strenght". Did you mean "strength"?'],
    [["advise", "nowhere.csv", "--target", "y"], 1, 'there is no file "nowhere.csv"'],
    [["advise", "packags", "--target", "y"], 1, 'there is no file "packags". Did you mean "packages"? Paths are'],
    [["advise", "PACKED", "--target", "y"], 1, "packed.csv.gz: is compressed; unpack it"],
    [["advise", "RAGGED", "--target", "b"], 1, "line 3"],
    [["train", "DATA", "--target", "strength", "--method", "rigde", "--out", "x"], 1, 'Did you mean "ridge"?'],
    [["predict", "DATA", "MODEL"], 1, "the model comes before the table"],
    [["predict", "nowhere.safetensors", "DATA"], 1, 'there is no file "nowhere.safetensors"'],
    [["predict", "MODEL", "DATA", "--level", "2"], 2, "a number between 0 and 1"],
    [["predict", "MODEL", "RAGGED2"], 1, '"carbon"'],
    [["train", "DATA", "--target", "strength", "--out", "nowhere/model"], 1, "cannot write nowhere/model (ENOENT)"],
    [
      ["advise", "DATA", "--target", "strength", "--report", "nowhere/a.html"],
      1,
      "cannot write nowhere/a.html (ENOENT)",
    ],
    [["report", "MODEL", "RAGGED2", "--out", "x.html"], 1, '"carbon"'],
    [["predict", "DATA", "DATA", "--out", "nowhere/a.csv"], 1, "cannot write nowhere/a.csv (ENOENT)"],
    [["new", "DATA"], 1, "there is a file of that name"],
  ])("%j exits with %i", async (given, exit, said) => {
    writeFileSync(file("other.csv"), "a,b\n1,2\n");
    writeFileSync(file("packed.csv.gz"), "");
    if (given.includes("MODEL")) await trained();
    const files: Record<string, string> = {
      DATA: "steels.csv",
      RAGGED: "ragged.csv",
      RAGGED2: "other.csv",
      PACKED: "packed.csv.gz",
      MODEL: "ridge.safetensors",
    };
    const { code, output, messages } = await run(
      given.map((arg) => (Object.hasOwn(files, arg) ? file(files[arg]!) : arg)),
    );
    expect(output).toBe("");
    expect(messages).toContain(said);
    expect(code).toBe(exit);
  });

  test("a signal that is aborted stops it", async () => {
    const args = ["advise", file("steels.csv"), "--target", "strength"];
    expect(await run(args, AbortSignal.abort())).toMatchObject({ code: 130, output: "", messages: "Stopped.\n" });
  });
});

test("help is there for all, and for each", async () => {
  const { code, output } = await run(["--help"]);
  expect(code).toBe(0);
  const names = [...output.matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name!);
  expect(names).toEqual(["advise", "train", "predict", "explain", "report", "sweep", "collect", "doctor", "new"]);
  for (const name of names) expect((await run([name, "--help"])).output).toMatch(new RegExp(`^Usage: hooke ${name} `));
  expect((await run([])).code).toBe(2);
  for (const args of [["--help"], ...names.map((name) => [name, "--help"])]) {
    let said = "";
    const write = (text: string): void => {
      said += text;
    };
    await hooke(args, { output: { write, columns: 72 } as Streams["output"] });
    for (const line of said.split("\n")) expect(line.length).toBeLessThanOrEqual(72);
    expect(said.includes("says this")).toBe(args.length === 2);
  }
});

test("tables and sentences fit a width", () => {
  const lines = tableText(["method", "rmse", "skill"], [["ridge", "1.25", "0.9"]], 15);
  expect(lines).toEqual(["method  rmse", "ridge   1.25", "(no room for:", "  skill)"]);
  expect(wrapped("one two three four", 9)).toBe("one two\n  three\n  four");
  // Of long names the middle is left out before a column is.
  const long = ["the strength of the specimen at noon, as measured", "12.5", "0.25"];
  expect(tableText(["of", "value", "to"], [long], 38)).toEqual([
    "of                    value    to",
    "the stren…s measured   12.5  0.25",
  ]);
});

test("options of the advisor are told as they are typed", () => {
  expect(asTyped('groups: "COLUMN", or groups: "none"')).toBe("--groups COLUMN, or --groups none");
  expect(asTyped("inputs")).toBe("--inputs A,B,...");
  expect(asTyped("say classes: true, or header: false")).toBe("say --classes, or --header no");
});
