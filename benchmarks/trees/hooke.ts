// Boosts trees and prints processor seconds of ten fits and of a prediction, and the error.
import { readFileSync } from "node:fs";
import { gradientBoosting } from "@hooke/baselines";
import { tableOf } from "@hooke/data";

const [path, rowText, columnText] = process.argv.slice(2) as [string, string, string];
const [rows, columns] = [Number(rowText), Number(columnText)];
const bytes = readFileSync(path);
const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const column = (c: number): Float64Array => numbers.slice(c * rows, (c + 1) * rows);
const y = column(columns);
const table = tableOf({
  ...Object.fromEntries(Array.from({ length: columns }, (_, c) => [`x${c}`, column(c)])),
  y,
});

async function seconds<T>(run: () => T | Promise<T>): Promise<[number, T]> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, result];
}

const fits: number[] = [];
let [took, fitted] = await seconds(() => gradientBoosting().fit(table, "y"));
fits.push(took);
for (let repeat = 0; repeat < 9; repeat++) {
  [took, fitted] = await seconds(() => gradientBoosting().fit(table, "y"));
  fits.push(took);
}
for (let repeat = 0; repeat < 4; repeat++) fitted.predict(table);
const [predict, { values }] = await seconds(() => fitted.predict(table));
const squares = values.reduce((sum, value, row) => sum + (value - y[row]!) ** 2, 0);
console.log(JSON.stringify({ fits, predict, rmse: Math.sqrt(squares / rows) }));
