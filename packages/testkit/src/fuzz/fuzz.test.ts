// A few of the random programs on wasm; scripts/fuzz runs as many as one likes, on every backend. And that what is off is found.
import { wasmBackend } from "@hooke/backend-wasm";
import { type HostArray, interpret, type Program } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { checkVaried, type Runs, runsOn, type VariedProgram, variedProgram } from "./index.ts";

const onReference = (program: Program, { inputs }: VariedProgram): HostArray[] => interpret(program, inputs);

describe("random programs of everything", () => {
  const runs = runsOn(wasmBackend({ threads: 1 }), wasmBackend({ threads: 2 }));
  test.each([
    [0, "f32"],
    [1, "f32"],
    [2, "f64"],
    [3, "f64"],
  ] as const)("wasm agrees with the reference and itself on seed %i in %s", async (seed, dtype) => {
    expect(await checkVaried(runs, seed, dtype)).toMatchObject({ problems: [], unjudged: 0 });
  });

  test("a seed gives one program, in both precisions", () => {
    const [one, other] = (["f32", "f64"] as const).map((dtype) => variedProgram(5, dtype));
    expect(String(variedProgram(5, "f32").program)).toBe(String(one!.program));
    expect(other!.program.nodes.length).toBe(one!.program.nodes.length);
    expect(other!.exact).toEqual(one!.exact);
  });

  test("a number that is off is found, and results that change from run to run", async () => {
    const off: Runs = async (varied, program) => {
      const results = onReference(program, varied);
      const changed = results.map(({ data, ...rest }) => ({ ...rest, data: data.map((x) => x + 1) }) as HostArray);
      return [results, changed];
    };
    const { problems } = await checkVaried(off, 0);
    expect(problems[0]).toMatch(/^output \d+, f32, as recorded, of run 2 element 0 is /);
    const swapped: Runs = async (varied, program) => (await off(varied, program)).toReversed();
    expect((await checkVaried(swapped, 0)).problems.join()).toMatch(/, optimized, element 0 is /);
  });
});
