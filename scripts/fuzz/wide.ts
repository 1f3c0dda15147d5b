// Random programs on wide wasm backends beside narrow ones, bit for bit, in optimized code alone: V8 joins vectors in no other.
//
//   node scripts/fuzz/wide.ts [programs, default 200] [first seed, default 0]
//
// Each is run in f32 and f64, on two threads, of every other seed with all kernels divided. Wide and narrow backends run in processes of their own, as V8's
// flag belongs to the process.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { optimize } from "@hooke/runtime";
import { runsOn, variedProgram } from "@hooke/testkit/fuzz";
import { WasmBackend } from "../../packages/backend-wasm/src/backend.ts";

const [countText = "200", firstText = "0", role] = process.argv.slice(2);
const [count, first] = [Number(countText), Number(firstText)];

/** Writes a line for each program: what it is, and a digest of its results. */
async function run(): Promise<void> {
  setFlagsFromString("--no-liftoff");
  const backends = [1, 1e-9].map((fineness) =>
    runsOn(new WasmBackend({ threads: 2, wide: role === "wide" }, fineness)),
  );
  for (let seed = first; seed < first + count; seed++) {
    for (const dtype of ["f32", "f64"] as const) {
      const varied = variedProgram(seed, dtype);
      const hash = createHash("sha256");
      for (const results of await backends[seed % 2]!(varied, optimize(varied.program))) {
        for (const { data } of results) hash.update(data);
      }
      console.log(`seed ${seed}, ${dtype}: ${hash.digest("hex")}`);
    }
  }
}

/** Runs both and compares their lines. */
async function compare(): Promise<number> {
  const children = ["wide", "narrow"].map((role) =>
    spawn(process.execPath, [import.meta.filename, countText, firstText, role], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const [wide, narrow] = children.map(({ stdout }) => createInterface({ input: stdout! })[Symbol.asyncIterator]());
  let differ = 0;
  for (let done = 0; done < 2 * count; done++) {
    const [mine, other] = [await wide!.next(), await narrow!.next()];
    if (mine.done || other.done) throw new Error(`fuzz: a process ended after ${done} of ${2 * count} programs.`);
    if (mine.value !== other.value) {
      differ++;
      console.log(`${mine.value}, narrow ${other.value}`);
    }
    if (done % 100 === 99) console.error(`${done + 1} of ${2 * count} programs, ${differ} differ`);
  }
  console.log(`wide beside narrow: ${count} seeds from ${first}, in f32 and f64; ${differ} programs differ`);
  return differ;
}

if (role === undefined) process.exitCode = (await compare()) > 0 ? 1 : 0;
else await run();
