// A few of the random programs on wasm; scripts/fuzz runs as many as one likes, on every backend. And that what is off is found.
import { wasmBackend } from "@hooke/backend-wasm";
import { type HostArray, interpret, type Program } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { checkVaried, type Runs, runsOn, type VariedProgram, variedProgram } from "./index.ts";

const onReference = (program: Program, { inputs }: VariedProgram): HostArray[] => interpret(program, inputs);

describe("random programs of everything", () => {
  test.each(Array.from({ length: 4 }, (_, seed) => seed))("wasm agrees with the reference on seed %i", async (seed) => {
    expect(await checkVaried(runsOn(wasmBackend()), seed)).toMatchObject({ problems: [], unjudged: 0 });
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
    expect(problems[0]).toMatch(/^output \d+, as recorded, of a second run element 0 is /);
    const swapped: Runs = async (varied, program) => (await off(varied, program)).toReversed();
    expect((await checkVaried(swapped, 0)).problems.join()).toMatch(/, optimized, element 0 is /);
  });
});
