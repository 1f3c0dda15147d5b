// Reads one large CSV file with Hooke and with pandas in turn, each in a process of its own, and prints seconds and memory.
//
//   node main.ts [rows, default 1000000] [digits behind the point, default 6]
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../rounds.ts";

const columns = 20;
const rounds = 5;
const [rows = 1_000_000, digits = 6] = process.argv.slice(2).map(Number);

/** What a reader prints: how long it took, at most how much memory its process had, and the sum of all cells. */
interface Reading {
  readonly seconds: number;
  readonly mebibytes: number;
  readonly total: number;
}

/** Numbers between -1 and 1 that repeat after many rows. */
async function writeTable(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${Array.from({ length: columns }, (_, i) => `c${i}`).join()}\n`);
  let state = 1;
  for (let row = 0; row < rows; row += 1000) {
    let text = "";
    for (let i = 0; i < 1000 * columns; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      text += (state / 2 ** 31 - 1).toFixed(digits) + (i % columns === columns - 1 ? "\n" : ",");
    }
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

const here = (file: string): string => join(import.meta.dirname, file);
const readers = {
  Hooke: [process.execPath, here("hooke.ts")],
  pandas: [process.env.HOOKE_BENCH_PYTHON || "python3", "-B", here("pandas_peer.py")],
} as const;

function read(name: keyof typeof readers, path: string): Reading {
  const [program, ...args] = readers[name];
  const { stdout, stderr, status } = spawnSync(program, [...args, path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout);
}

const folder = mkdtempSync(join(tmpdir(), "hooke-csv-"));
try {
  const path = join(folder, "table.csv");
  await writeTable(path);
  const found: Record<keyof typeof readers, Reading[]> = { Hooke: [], pandas: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ["Hooke", "pandas"] as const) found[name].push(read(name, path));
  }
  const [ours, theirs] = [found.Hooke[0]!.total, found.pandas[0]!.total];
  if (Math.abs(ours - theirs) > 1e-9 * rows) throw new Error(`the sums differ: ${ours} and ${theirs}`);
  console.log(`${rows} x ${columns} numbers of ${digits} digits; medians of ${rounds}`);
  for (const name of ["Hooke", "pandas"] as const) {
    const [seconds, mebibytes] = (["seconds", "mebibytes"] as const).map((key) =>
      median(found[name].map((r) => r[key])),
    );
    console.log(`${name.padEnd(8)}${seconds!.toFixed(2).padStart(7)} s ${mebibytes!.toFixed(0).padStart(6)} MiB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
