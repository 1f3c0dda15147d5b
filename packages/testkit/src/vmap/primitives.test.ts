// Every primitive mapped over rows equals the primitive applied to one row after the other: all cases of the closed set, operands mapped
// alone and together, along any axis.
import { wasmBackend } from "@hooke/backend-wasm";
import { bind, evaluate, type HostArray, interpret, type Program, record, type Tensor, vmap } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { PrimitiveCase } from "../cases/case.ts";
import { primitiveCases } from "../cases/index.ts";
import { stream } from "../cases/samples.ts";
import { difference, toleranceOf } from "../compare.ts";
import { rolled, rowOf, stacked, turned } from "./rows.fixture.ts";

const rows = 3;
const backend = wasmBackend();

/** Which operands are mapped, in turn: each alone, and all. */
const choices = (count: number): readonly (readonly boolean[])[] => {
  const list = Array.from({ length: count }, (_, i) => i);
  const alone = list.map((i) => list.map((k) => k === i));
  return count === 1 ? alone : [...alone, list.map(() => true)];
};

interface Mapped {
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  readonly given: readonly (readonly HostArray[])[];
}

function mappedCase(
  { primitive, params, inputs }: PrimitiveCase,
  chosen: readonly boolean[],
  axisOf: (rank: number) => number,
): Mapped {
  const given = Array.from({ length: rows }, (_, row) =>
    inputs.map((x, i) => {
      // The diagonal of a matrix that is factored or solved stays where it is.
      const other = i === 0 && (primitive === "cholesky" || primitive === "triangularSolve") ? turned : rolled;
      return chosen[i] ? other(x, row) : x;
    }),
  );
  const axes = inputs.map(({ shape }, i) => (chosen[i] ? axisOf(shape.length + 1) : null));
  const arrays = inputs.map((x, i) =>
    axes[i] === null
      ? x
      : stacked(
          given.map((row) => row[i]!),
          axes[i]!,
        ),
  );
  const fn = vmap((...x: Tensor[]) => bind(primitive, x, params), axes);
  const { program } = record(fn as never, ...(arrays as never[])) as { program: Program };
  return { program, inputs: arrays, given };
}

/** What differs from one row after the other, in words. */
function problemsOf(entry: PrimitiveCase, { given }: Mapped, found: readonly HostArray[]): string[] {
  return given.flatMap((inputs, row) =>
    evaluate(entry.primitive, inputs, entry.params as never).flatMap((truth, i) => {
      const problem = difference(rowOf(found[i]!, row), truth, toleranceOf({ ...entry, inputs }, truth));
      return problem ? [`row ${row}, output ${i} ${problem}`] : [];
    }),
  );
}

describe.each([...primitiveCases()].filter(([, cases]) => cases[0]!.inputs.length > 0))("%s", (_, cases) => {
  it("mapped equals row after row", async () => {
    const draw = stream(7);
    const axisOf = (rank: number): number => Math.floor(draw() * rank);
    const problems: string[] = [];
    for (const [i, entry] of cases.entries()) {
      const all = choices(entry.inputs.length);
      for (const [k, chosen] of all.entries()) {
        const mapped = mappedCase(entry, chosen, axisOf);
        const note = `${entry.note}, ${chosen.map((is) => (is ? "mapped" : "same")).join(" ")}`;
        const reference = problemsOf(entry, mapped, interpret(mapped.program, mapped.inputs));
        problems.push(...reference.map((problem) => `reference: ${note}: ${problem}`));
        if (k !== i % all.length) continue;
        const executable = await backend.prepare(mapped.program);
        const buffers = mapped.inputs.map((x) => backend.upload(x));
        const outputs = executable.run(buffers);
        const found = await Promise.all(outputs.map((output) => backend.read(output)));
        for (const buffer of new Set([...buffers, ...outputs])) backend.free(buffer);
        executable.free();
        problems.push(...problemsOf(entry, mapped, found).map((problem) => `wasm: ${note}: ${problem}`));
      }
    }
    expect(problems.slice(0, 5)).toEqual([]);
  });
});
