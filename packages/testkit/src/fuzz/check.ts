// A random program on a backend, beside the reference interpreter in two precisions: what they differ by is how far rounding can go.
import { type Backend, type HostArray, interpret, optimize, type Program } from "@hooke/runtime";
import { difference } from "../compare.ts";
import { type VariedProgram, variedProgram } from "./program.ts";

/** What runs a program: results of two runs, which must have the same bits. */
export type Runs = (varied: VariedProgram, program: Program) => Promise<readonly (readonly HostArray[])[]>;

/** What a random program showed. */
export interface Finding {
  readonly problems: readonly string[];
  /** Outputs of which the reference itself knows too few digits. */
  readonly unjudged: number;
  readonly outputs: number;
}

const runOnce = async (backend: Backend, { inputs, donate }: VariedProgram, program: Program): Promise<HostArray[]> => {
  const executable = await backend.prepare(program, { donate });
  const given = inputs.map((input) => backend.upload(input));
  const outputs = executable.run(given);
  const results = await Promise.all(outputs.map((buffer) => backend.read(buffer)));
  for (const buffer of new Set([...given, ...outputs])) backend.free(buffer);
  executable.free();
  return results;
};

/** Runs on a backend, each time prepared anew. */
export const runsOn =
  (backend: Backend): Runs =>
  async (varied, program) => [await runOnce(backend, varied, program), await runOnce(backend, varied, program)];

/** Digits that rounding may take, where the reference loses none. */
const relative = 3e-5;
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

/** Compares what a backend gives for a seed with the reference. */
export async function checkVaried(runs: Runs, seed: number): Promise<Finding> {
  const varied = variedProgram(seed, "f32");
  const { program, inputs, exact } = varied;
  const twice = variedProgram(seed, "f64");
  const truths = interpret(program, inputs);
  const finer = interpret(twice.program, twice.inputs);
  const problems: string[] = [];
  let unjudged = 0;
  for (const [name, given] of Object.entries({ "as recorded": program, optimized: optimize(program) })) {
    const [first, second] = await runs(varied, given);
    for (const [i, truth] of truths.entries()) {
      const what = `output ${i}, ${name},`;
      const again = difference(second![i]!, first![i]!);
      if (again) problems.push(`${what} of a second run ${again}`);
      const magnitude = Math.max(1, largestOf(finer[i]!.data));
      const spread = exact[i] ? 0 : apart(truth, finer[i]!);
      if (!(spread * freedom < useless * magnitude)) {
        unjudged++;
        continue;
      }
      const tolerance = { relative: relative + (freedom * spread) / magnitude, magnitude: "largest or 1" } as const;
      const problem = difference(first![i]!, truth, exact[i] ? undefined : tolerance);
      if (problem) problems.push(`${what} ${problem}`);
    }
  }
  return { problems, unjudged, outputs: 2 * truths.length };
}
