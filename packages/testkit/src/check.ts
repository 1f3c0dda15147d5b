// The checks of the conformance suite: run on a backend, compare with the reference, and list what differs.
import {
  add,
  type Backend,
  type Buffer,
  type HostArray,
  interpret,
  mul,
  type Node,
  optimize,
  Program,
  ruleOf,
  sum,
  tanh,
} from "@hooke/runtime";
import type { PrimitiveCase } from "./cases/case.ts";
import { sample } from "./cases/samples.ts";
import { difference, toleranceOf } from "./compare.ts";
import { fuzzProgram } from "./programs/fuzz.ts";
import type { KnownProgram } from "./programs/long-sums.ts";
import { type ProgramCase, programCase } from "./programs/program-case.ts";
import { type ThirdDerivative, thirdDerivativeTolerance } from "./programs/third-derivatives.ts";

/** The program of one node that applies a case's primitive. */
export function caseProgram({ primitive, params, inputs: arrays }: PrimitiveCase): Program {
  const inputs = arrays.map(({ shape, dtype }) => ({ shape, dtype }));
  const rule = ruleOf(primitive);
  const outputs = rule.outputs(inputs, params).map(({ shape, dtype }) => ({ shape, dtype }));
  return new Program(inputs, [{ primitive, rule, params, inputs, outputs, scope: "" } as unknown as Node], outputs);
}

/** Whether a backend has every dtype of a program. */
export function runs(backend: Pick<Backend, "dtypes">, { inputs, nodes, outputs }: Program): boolean {
  const values = [...inputs, ...outputs, ...nodes.flatMap((node) => node.outputs)];
  return (
    values.every(({ dtype }) => backend.dtypes.includes(dtype)) &&
    nodes.every((node) => node.primitive !== "scan" || runs(backend, node.params.body))
  );
}

/** Uploads, runs once, reads and frees. Also checks that inputs which were not donated are unchanged. */
async function runOnce(
  backend: Backend,
  program: Program,
  arrays: readonly HostArray[],
  donate: readonly (number | null)[],
  problems: string[],
): Promise<HostArray[]> {
  const executable = await backend.prepare(program, { donate });
  const inputs = arrays.map((array) => backend.upload(array));
  const outputs = executable.run(inputs);
  if (outputs.length !== program.outputs.length) problems.push(`${outputs.length} outputs`);
  // Together: a GPU is waited for once.
  const [results, after] = await Promise.all(
    [outputs, inputs].map((buffers) => Promise.all(buffers.map((buffer) => backend.read(buffer)))),
  );
  for (const [i, input] of inputs.entries()) {
    const output = donate.indexOf(i);
    if (output >= 0) {
      if (outputs[output] !== input) problems.push(`output ${output} is not the donated buffer of input ${i}`);
      continue;
    }
    if (outputs.includes(input)) problems.push(`input ${i} was returned though not donated`);
    const problem = difference(after![i]!, arrays[i]!);
    if (problem) problems.push(`input ${i} was changed: it ${problem}`);
  }
  for (const buffer of new Set([...inputs, ...outputs])) backend.free(buffer);
  executable.free();
  return results!;
}

/** Runs one case of a primitive; what differs from the reference, in words. */
export async function checkCase(backend: Backend, entry: PrimitiveCase): Promise<string[]> {
  const program = caseProgram(entry);
  const expected = interpret(program, entry.inputs);
  const problems: string[] = [];
  const actual = await runOnce(backend, program, entry.inputs, [], problems);
  for (const [i, truth] of expected.entries()) {
    const problem = difference(actual[i]!, truth, toleranceOf(entry, truth));
    if (problem) problems.push(`output ${i} ${problem}`);
  }
  return problems;
}

/** Notes of the cases that a backend fails: it differs from the reference, or throws. */
export async function failures(backend: Backend, cases: readonly PrimitiveCase[]): Promise<string[]> {
  const notes: string[] = [];
  for (const entry of cases) {
    const problems = await checkCase(backend, entry).catch((error) => [String(error)]);
    if (problems.length > 0) notes.push(entry.note);
  }
  return notes;
}

/** Runs a program as recorded and optimized. */
export async function checkProgram(backend: Backend, entry: ProgramCase): Promise<string[]> {
  const problems: string[] = [];
  const expected = interpret(entry.program, entry.inputs);
  for (const program of [entry.program, optimize(entry.program)]) {
    const actual = await runOnce(backend, program, entry.inputs, entry.donate ?? [], problems);
    for (const [i, truth] of expected.entries()) {
      const problem = difference(actual[i]!, truth, entry.tolerance);
      if (problem) problems.push(`output ${i}${program === entry.program ? "" : ", optimized,"} ${problem}`);
    }
  }
  return problems;
}

/** Runs a program as it is; what differs from its known results, in words. */
export async function checkKnown(backend: Backend, entry: KnownProgram): Promise<string[]> {
  const problems: string[] = [];
  const actual = await runOnce(backend, entry.program, entry.inputs, [], problems);
  for (const [i, truth] of entry.expected().entries()) {
    const problem = difference(actual[i]!, truth, { relative: entry.relative });
    if (problem) problems.push(`output ${i} ${problem}`);
  }
  return problems;
}

/** Runs a third derivative; what differs from its values, in words. */
export async function checkThirdDerivative(
  backend: Backend,
  { program, inputs, expected }: ThirdDerivative,
): Promise<string[]> {
  const problems: string[] = [];
  const actual = await runOnce(backend, program, inputs, [], problems);
  for (const [i, truth] of expected().entries()) {
    const problem = difference(actual[i]!, truth, thirdDerivativeTolerance);
    if (problem) problems.push(`output ${i} ${problem}`);
  }
  return problems;
}

/** Repeats a training step 25 times on buffers that stay, in place, beside the reference. */
export async function checkTraining(backend: Backend, entry: ProgramCase): Promise<string[]> {
  const executable = await backend.prepare(optimize(entry.program), { donate: entry.donate! });
  const [x, y, step, ...rest] = entry.inputs;
  const buffers = [x!, y!, step!, ...rest].map((array) => backend.upload(array));
  let state: readonly HostArray[] = rest;
  const reading: Promise<HostArray>[] = [];
  const truths: HostArray[] = [];
  for (let i = 1; i <= 25; i++) {
    const now = { ...step!, data: step!.data.slice().fill(i) } as HostArray;
    backend.write(buffers[2]!, now);
    const [loss] = executable.run(buffers);
    reading.push(backend.read(loss!));
    backend.free(loss!);
    const [truth, ...next] = interpret(entry.program, [x!, y!, now, ...state]);
    truths.push(truth!);
    state = next;
  }
  const losses = await Promise.all(reading);
  const problems: string[] = [];
  const compare = (what: string, actual: HostArray, expected: HostArray): void => {
    const problem = difference(actual, expected, entry.tolerance);
    if (problem) problems.push(`${what} ${problem}`);
  };
  for (const [i, truth] of truths.entries()) compare(`loss ${i}`, losses[i]!, truth);
  const left = await Promise.all(state.map((_, i) => backend.read(buffers[i + 3]!)));
  for (const [i, truth] of state.entries()) compare(`state ${i}`, left[i]!, truth);
  if (!(truths.at(-1)!.data[0]! < 0.9 * truths[0]!.data[0]!)) problems.push("the loss does not fall");
  for (const buffer of buffers) backend.free(buffer);
  executable.free();
  return problems;
}

/** Two programs read one buffer, one's output is the other's input, and runs interleave before anything is read. */
export async function checkSharing(backend: Backend): Promise<string[]> {
  const arrays = [sample([5, 7]), sample([5, 7], "f32", { seed: 2 })];
  const first = programCase("", arrays, (a, b) => [add(a, b), sum(mul(a, b))]);
  const second = programCase("", arrays, (a, b) => tanh(mul(a, b)));
  const one = await backend.prepare(first.program);
  const two = await backend.prepare(second.program);
  const [a, b] = arrays.map((array) => backend.upload(array)) as [Buffer, Buffer];
  const [total, dot] = one.run([a, b]) as [Buffer, Buffer];
  const [bent] = two.run([total, a]) as [Buffer];
  const [again] = one.run([bent, bent]) as [Buffer];
  const [hostTotal, hostDot] = interpret(first.program, arrays) as [HostArray, HostArray];
  const [hostBent] = interpret(second.program, [hostTotal, arrays[0]!]) as [HostArray];
  const [hostAgain] = interpret(first.program, [hostBent, hostBent]) as [HostArray];
  const pairs: [Buffer, HostArray][] = [
    [total, hostTotal],
    [dot, hostDot],
    [bent, hostBent],
    [again, hostAgain],
    [a, arrays[0]!],
  ];
  const problems: string[] = [];
  for (const [i, [buffer, truth]] of pairs.entries()) {
    const problem = difference(await backend.read(buffer), truth, first.tolerance);
    if (problem) problems.push(`buffer ${i} ${problem}`);
  }
  for (const [buffer] of [...pairs, [b] as const]) backend.free(buffer);
  one.free();
  two.free();
  return problems;
}

/** `write` and `read` copy: neither keeps the caller's array. */
export async function checkWrite(backend: Backend): Promise<string[]> {
  const problems: string[] = [];
  for (const dtype of backend.dtypes) {
    const [before, after] = [sample([3, 5], dtype), sample([3, 5], dtype, { seed: 2 })];
    const given = { ...before, data: before.data.slice() } as HostArray;
    const buffer = backend.upload(given);
    given.data.fill(0);
    const read = await backend.read(buffer);
    read.data.fill(0);
    const kept = difference(await backend.read(buffer), before);
    if (kept) problems.push(`upload and read do not copy ${dtype}: ${kept}`);
    backend.write(buffer, after);
    const written = difference(await backend.read(buffer), after);
    if (written) problems.push(`write of ${dtype}: ${written}`);
    backend.free(buffer);
  }
  return problems;
}

/** Two executables of one program, each run twice, agree in every bit. */
export async function checkRepeats(backend: Backend): Promise<string[]> {
  const problems: string[] = [];
  const { program, inputs } = fuzzProgram(300, 100, backend.dtypes.includes("f64") ? "f64" : "f32");
  const first = await runOnce(backend, program, inputs, [], problems);
  for (let i = 0; i < 3; i++) {
    const next = await runOnce(backend, program, inputs, [], problems);
    for (const [k, truth] of first.entries()) {
      const problem = difference(next[k]!, truth);
      if (problem) problems.push(`output ${k} of run ${i + 2} ${problem}`);
    }
  }
  return problems;
}
