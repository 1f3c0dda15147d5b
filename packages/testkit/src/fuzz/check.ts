// A random program on a backend, beside the reference interpreter in two precisions: what they differ by is how far rounding can go.
import { type Backend, type HostArray, interpret, optimize, type Program } from "@hooke/runtime";
import { difference } from "../compare.ts";
import { type VariedProgram, variedProgram } from "./program.ts";

/** What runs a program: results of two runs or more, which must have the same bits. */
export type Runs = (varied: VariedProgram, program: Program) => Promise<readonly (readonly HostArray[])[]>;

/** What a random program showed. */
export interface Finding {
  readonly problems: readonly string[];
  /** Outputs of which the reference itself knows too few digits. */
  readonly unjudged: number;
  readonly outputs: number;
}

async function runsOfOne(
  backend: Backend,
  { inputs, donate }: VariedProgram,
  program: Program,
): Promise<HostArray[][]> {
  const runs: HostArray[][] = [];
  // What a run leaves in the memory of its executable is met by the next one, and by another executable.
  for (const times of [2, 1]) {
    const executable = await backend.prepare(program, { donate });
    for (let i = 0; i < times; i++) {
      const given = inputs.map((input) => backend.upload(input));
      const outputs = executable.run(given);
      runs.push(await Promise.all(outputs.map((buffer) => backend.read(buffer))));
      for (const buffer of new Set([...given, ...outputs])) backend.free(buffer);
    }
    executable.free();
  }
  return runs;
}

/** Runs on backends that must agree to the last bit: on each twice as prepared, and once prepared anew. */
export const runsOn =
  (...backends: readonly Backend[]): Runs =>
  async (varied, program) => {
    const runs: HostArray[][] = [];
    for (const backend of backends) runs.push(...(await runsOfOne(backend, varied, program)));
    return runs;
  };

/** Digits that rounding may take, where the reference loses none. */
const relative = { f32: 3e-5, f64: 1e-12 };
/** How far apart f64 is from the truth, where f32 is 1 apart from f64. */
const finer = 2 ** -29;
/** Of what is left where it does: so many times as far as single and double precision are apart. */
const freedom = 50;
/** What may be off by more than this tells nothing. */
const useless = 0.02;

const largestOf = (data: HostArray["data"]): number => {
  let largest = 0;
  for (const value of data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
};

const apart = (a: HostArray, b: HostArray): number => {
  let most = 0;
  for (const [i, value] of a.data.entries()) {
    if (value !== b.data[i] && !(Number.isNaN(value) && Number.isNaN(b.data[i]))) {
      most = Math.max(most, Math.abs(value - b.data[i]!));
    }
  }
  return most;
};

/** Compares what a backend gives for a seed with the reference. @param dtype of floats; default f32 */
export async function checkVaried(runs: Runs, seed: number, dtype: "f32" | "f64" = "f32"): Promise<Finding> {
  const both = { f32: variedProgram(seed, "f32"), f64: variedProgram(seed, "f64") };
  const results = {
    f32: interpret(both.f32.program, both.f32.inputs),
    f64: interpret(both.f64.program, both.f64.inputs),
  };
  const varied = both[dtype];
  const problems: string[] = [];
  let unjudged = 0;
  for (const [name, given] of Object.entries({ "as recorded": varied.program, optimized: optimize(varied.program) })) {
    const [first, ...others] = await runs(varied, given);
    for (const [i, truth] of results[dtype].entries()) {
      const what = `output ${i}, ${dtype}, ${name},`;
      for (const [k, other] of others.entries()) {
        const again = difference(other[i]!, first![i]!);
        if (again) problems.push(`${what} of run ${k + 2} ${again}`);
      }
      const magnitude = Math.max(1, largestOf(results.f64[i]!.data));
      const spread = varied.exact[i] ? 0 : apart(results.f32[i]!, results.f64[i]!);
      if (!(spread * freedom < useless * magnitude)) {
        unjudged++;
        continue;
      }
      const lost = (freedom * spread * (dtype === "f64" ? finer : 1)) / magnitude;
      const tolerance = { relative: relative[dtype] + lost, magnitude: "largest or 1" } as const;
      const problem = difference(first![i]!, truth, varied.exact[i] ? undefined : tolerance);
      if (problem) problems.push(`${what} ${problem}`);
    }
  }
  return { problems, unjudged, outputs: 2 * results[dtype].length };
}
