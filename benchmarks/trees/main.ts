// Boosts trees on one table with Hooke and with LightGBM (one thread) in turn, each in a process of its own, and prints processor seconds.
//
//   node main.ts [rows, default 10000] [columns, default 20]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFrom } from "@hooke/baselines";
import { randomKey } from "@hooke/runtime";
import { median } from "../rounds.ts";

const rounds = 5;
const [rows = 10_000, columns = 20] = process.argv.slice(2).map(Number);

/** What a participant prints: processor seconds of fits one after the other in its process, of a prediction of all rows, and the error on them. */
interface Reading {
  readonly fits: readonly number[];
  readonly predict: number;
  readonly rmse: number;
}

/** Columns one after the other, the target last: a few effects among many inputs, and noise. */
function writeNumbers(path: string): void {
  const random = randomFrom(randomKey(0), "benchmark");
  const x = Array.from({ length: columns }, () => Float64Array.from({ length: rows }, () => random.uniform()));
  const y = Float64Array.from({ length: rows }, (_, row) => {
    const at = (column: number): number => x[column]![row]!;
    const noise = random.uniform() + random.uniform() - 1;
    return Math.sin(3 * at(0)) + at(1) * at(2) + (at(3) > 0.5 ? 2 * at(4) : 0) + noise;
  });
  writeFileSync(path, Buffer.concat([...x, y].map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer))));
}

const here = (file: string): string => join(import.meta.dirname, file);
const participants = {
  Hooke: [process.execPath, here("hooke.ts")],
  LightGBM: [process.env.HOOKE_BENCH_PYTHON || "python3", "-B", here("lightgbm_peer.py")],
} as const;

function measure(name: keyof typeof participants, path: string): Reading {
  const [program, ...args] = participants[name];
  const { stdout, stderr, status } = spawnSync(program, [...args, path, String(rows), String(columns)], {
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout);
}

const folder = mkdtempSync(join(tmpdir(), "hooke-trees-"));
try {
  const path = join(folder, "numbers");
  writeNumbers(path);
  const found: Record<keyof typeof participants, Reading[]> = { Hooke: [], LightGBM: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ["Hooke", "LightGBM"] as const) found[name].push(measure(name, path));
  }
  const [ours, theirs] = [found.Hooke[0]!.rmse, found.LightGBM[0]!.rmse];
  if (Math.abs(ours / theirs - 1) > 0.01) throw new Error(`the errors differ: ${ours} and ${theirs}`);
  console.log(`${rows} x ${columns}, 100 trees of 31 leaves; processor seconds, medians of ${rounds} processes`);
  for (const name of ["Hooke", "LightGBM"] as const) {
    const [first, later, predict] = [
      median(found[name].map(({ fits }) => fits[0]!)),
      median(found[name].map(({ fits }) => median(fits.slice(5)))),
      median(found[name].map((reading) => reading.predict)),
    ].map((seconds) => seconds!.toFixed(3).padStart(7));
    console.log(`${name.padEnd(10)} first fit ${first}, last five of ten ${later}, predicting ${predict}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
