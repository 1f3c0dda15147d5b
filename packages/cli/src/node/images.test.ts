// Folders of images, as the commands take them: advised, trained on, predicted for.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { parseCsv } from "@hooke/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-images-"));
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A grey PNG of rows of levels from 0 to 255. */
function png(rows: readonly (readonly number[])[]): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = [body.length - 4, crc32(body)].map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    });
    return Buffer.concat([ends[0]!, body, ends[1]!]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(rows[0]!.length, 0);
  head.writeUInt32BE(rows.length, 4);
  head[8] = 8;
  const pixels = deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** Stripes of a width, which is what is asked. */
const widths = Array.from({ length: 28 }, (_, i) => 2 + ((i * 9) % 28) / 7);
beforeAll(() => {
  mkdirSync(file("stripes"));
  for (const [i, width] of widths.entries()) {
    const shift = (i * 3) % 5;
    const row = Array.from({ length: 16 }, (_, x) => Math.round(125 + 95 * Math.sin((Math.PI * (x + shift)) / width)));
    writeFileSync(file(`stripes/s${i}.png`), png(Array.from({ length: 16 }, () => row)));
  }
  const rows = widths.map((width, i) => `s${i}.png,${width}`);
  writeFileSync(file("widths.csv"), `image,width\n${rows.join("\n")}\nlost.png,3\nopen.png,\n`);
});

test("train and predict take a folder of images with a table of labels", async () => {
  const labels = ["--labels", file("widths.csv"), "--file", "image", "--target", "width"];
  const args = [file("stripes"), ...labels, "--groups", "none", "--budget", "0.1"];
  const model = file("width.safetensors");
  const trained = await run(["train", ...args, "--out", model]);
  expect(trained.code).toBe(0);
  expect(trained.output).toMatch(/^Use [a-z ]+: RMSE \d/);
  expect(trained.messages).toContain("Note: width is missing in 1 row, which is left out.");
  expect(trained.messages).toContain('1 file is ("lost.png") not in');

  const predicted = await run(["predict", model, file("stripes")]);
  expect(predicted.code).toBe(0);
  const table = parseCsv(predicted.output);
  expect(table.columns.map(({ name }) => name)).toEqual(["file", "width", "lower", "upper", "deviation", "domain"]);
  const [image, value] = table.columns.map(({ values }) => values);
  const errors = widths.map((width, i) => Math.abs(Number(value![image!.indexOf(`s${i}.png` as never)]) - width));
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.7);
});

test("what images a model looks at, and where, is explained", async () => {
  const labels = ["--labels", file("widths.csv"), "--file", "image"];
  const args = ["train", file("stripes"), ...labels, "--target", "width", "--groups", "none"];
  const [line, network] = [file("line.safetensors"), file("pixels.safetensors")];
  expect((await run([...args, "--method", "ridge", "--out", line])).code).toBe(0);
  const said = await run(["explain", line, file("stripes"), ...labels, "--json"]);
  expect(said.messages).toContain("left out");
  const { importance, own } = JSON.parse(said.output);
  expect(own.kind).toBe("coefficients");
  expect(importance.groups.length).toBeGreaterThan(0);
  const told = await run(["report", line, file("stripes"), ...labels, "--out", file("widths.html"), "--json"]);
  expect(JSON.parse(told.output)).toMatchObject({ rows: 28 });
  const untold = await run(["report", line, file("stripes"), "--out", file("widths.html")]);
  expect(untold.messages).toContain('says nothing of "width"; give the table that names its files and holds it');
  // Nine of them: fewer than folds would bound.
  const few = widths.slice(0, 9).map((width, i) => `s${i}.png,${width}`);
  writeFileSync(file("few.csv"), `image,width\n${few.join("\n")}\n`);
  const some = args.map((arg) => (arg === file("widths.csv") ? file("few.csv") : arg));
  expect((await run([...some, "--method", "convolutional-network", "--out", network])).code).toBe(0);
  mkdirSync(file("four"));
  for (let i = 0; i < 4; i++) copyFileSync(file(`stripes/s${i}.png`), file(`four/s${i}.png`));
  const looked = await run(["explain", network, file("four"), "--json"]);
  const { size, shares, images } = JSON.parse(looked.output);
  expect([size, shares.length, shares[0].length, images]).toEqual([4, 4, 4, 4]);
  expect(Math.max(...shares.flat())).toBeGreaterThan(0);
  expect((await run(["explain", network, file("four")])).output).toContain("are covered by the mean image");
  const drawn = await run(["explain", network, file("four"), "--report", file("no.html")]);
  expect(drawn.messages).toContain("leave --report out");
});

test("images of one specimen are held back together", async () => {
  const rows = widths.map((width, i) => `s${i}.png,${width},P${i >> 2}`);
  writeFileSync(file("specimens.csv"), `file,width,specimen\n${rows.join("\n")}\n`);
  const args = ["advise", file("stripes"), "--labels", file("specimens.csv"), "--target", "width"];
  const advised = await run([...args, "--groups", "specimen", "--budget", "0.1", "--json"]);
  expect(advised.code).toBe(0);
  const { record, rule } = JSON.parse(advised.output);
  expect(record).toMatchObject({ groups: "specimen", split: { kind: "grouped" } });
  expect(record.inputs).toContain("deviation");
  expect(rule.structure).toBe("images");
  const wrong = await run([...args, "--groups", "specimne"]);
  expect(wrong.messages).toContain('Did you mean "specimen"?');
});

test("folders name classes where there is no table, and mistakes are told", async () => {
  for (const [i, kind] of ["fine", "coarse"].entries()) {
    mkdirSync(file(`kinds/${kind}`), { recursive: true });
    for (let image = 0; image < 20; image++) {
      const row = Array.from({ length: 8 + (image % 2) }, (_, x) => ((x >> i) % 2 ? 200 : 20 + image));
      writeFileSync(file(`kinds/${kind}/${image}.png`), png(Array.from({ length: 8 }, () => row)));
    }
  }
  const args = ["advise", file("kinds"), "--target", "class", "--groups", "none", "--budget", "0.1"];
  const unlike = await run(args);
  expect(unlike).toMatchObject({ code: 1, output: "" });
  expect(unlike.messages).toContain("--size");
  const advised = await run([...args, "--size", "8", "--json"]);
  expect(advised.code).toBe(0);
  expect(JSON.parse(advised.output)).toMatchObject({ target: "class", signal: { found: true } });
  const model = file("kinds.safetensors");
  const named = [...args.slice(1, 4), "--size", "8", "--method", "logistic", "--out", model];
  expect((await run(["train", ...named])).output).toContain("logistic, fitted on 40 rows to predict class");
  const predicted = parseCsv((await run(["predict", model, file("kinds"), "--size", "8"])).output);
  const right = Array.from({ length: 40 }, (_, i) => {
    const [image, kind] = [predicted.columns[0]!.values[i], predicted.columns[1]!.values[i]];
    return String(image).startsWith(String(kind));
  });
  expect(right.filter(Boolean).length).toBeGreaterThan(38);
  const told = await run(["report", model, file("kinds"), "--size", "8", "--out", file("kinds.html"), "--json"]);
  expect(JSON.parse(told.output).measured["share of right classes"]).toBeGreaterThan(0.9);
  const none = await run(["train", ...named.slice(0, -4), "--method", "message-passing", "--out", model]);
  expect(none.messages).toContain("here there are dummy, logistic");
});
