// Reads a CSV file and prints seconds, memory and the sum of its cells.
import { numbersOf } from "@hooke/data";
import { readCsv } from "@hooke/data/node";

const start = performance.now();
const table = await readCsv(process.argv[2]!);
const seconds = (performance.now() - start) / 1000;
const mebibytes = process.resourceUsage().maxRSS / 1024;
let total = 0;
for (const { name } of table.columns) for (const value of numbersOf(table, name)) total += value;
console.log(JSON.stringify({ seconds, mebibytes, total }));
