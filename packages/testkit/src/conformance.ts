// The conformance suite: what every backend must do as the reference interpreter does.
import { type Backend, type DType, run, type Tensor } from "@hooke/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { primitiveCases } from "./cases/index.ts";
import { sample } from "./cases/samples.ts";
import {
  caseProgram,
  checkCase,
  checkProgram,
  checkRepeats,
  checkSharing,
  checkTraining,
  checkWrite,
  runs,
} from "./check.ts";
import { donationPrograms } from "./programs/donation.ts";
import { fuzzProgram } from "./programs/fuzz.ts";
import type { ProgramCase } from "./programs/program-case.ts";
import { edgePrograms, fusedPrograms } from "./programs/small.ts";
import { trainingStep } from "./programs/training.ts";

/** Options of {@link conformance}. */
export interface ConformanceOptions {
  /**
   * What the backend cannot do, and why: a primitive (`"tan"`), one of its cases (`"tan: large f64"`), or another test by
   * its name. The reason is shown with the skipped test.
   */
  readonly skip?: Readonly<Record<string, string>>;
}

/**
 * Registers the vitest tests that compare a backend with the reference interpreter: every case of every primitive, fused
 * and random programs, donated inputs, shared buffers and training steps. Integers, booleans, moves and random bits must
 * agree exactly, floats closely. What needs a dtype that the backend does not list is left out; refusing it is tested.
 *
 * @param name of the backend
 * @param createBackend makes it; called once
 */
export function conformance(
  name: string,
  createBackend: () => Backend | Promise<Backend>,
  { skip = {} }: ConformanceOptions = {},
): void {
  const test = (title: string, body: () => Promise<unknown>): void => {
    if (skip[title] === undefined) it(title, async () => void (await body()));
    else it.skip(`${title} (${skip[title]})`);
  };

  describe(`${name} conforms to the reference`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await createBackend();
    });

    describe("primitives", () => {
      for (const [primitive, cases] of primitiveCases()) {
        test(primitive, async () => {
          const problems: string[] = [];
          for (const entry of cases) {
            const title = `${primitive}: ${entry.note}`;
            if (skip[title] !== undefined || !runs(backend, caseProgram(entry))) continue;
            problems.push(...(await checkCase(backend, entry)).map((problem) => `${title}: ${problem}`));
          }
          expect(problems).toEqual([]);
        });
      }
    });

    const programs = (title: string, cases: readonly ProgramCase[], check = checkProgram): void => {
      describe(title, () => {
        for (const entry of cases) {
          test(entry.name, async () => {
            if (runs(backend, entry.program)) expect(await check(backend, entry)).toEqual([]);
          });
        }
      });
    };
    programs("fused programs", [...fusedPrograms("f32"), ...fusedPrograms("f64")]);
    programs("inputs and outputs", edgePrograms());
    programs("donated inputs", donationPrograms());
    programs("random programs", [
      ...Array.from({ length: 12 }, (_, seed) => fuzzProgram(seed, 60, "f64")),
      ...Array.from({ length: 6 }, (_, seed) => fuzzProgram(seed + 100, 60, "f32")),
      fuzzProgram(200, 200, "f64"),
      fuzzProgram(201, 200, "f32"),
    ]);
    programs("training", [trainingStep("f32"), trainingStep("f64")], checkTraining);

    describe("buffers", () => {
      test("several programs share buffers", async () => expect(await checkSharing(backend)).toEqual([]));
      test("write replaces the contents", async () => expect(await checkWrite(backend)).toEqual([]));
      test("the same bits every time", async () => expect(await checkRepeats(backend)).toEqual([]));
      test("dtypes outside its list are refused by name", async () => {
        for (const dtype of ["f32", "f64", "i32", "u32", "bool"] satisfies DType[]) {
          if (backend.dtypes.includes(dtype)) continue;
          await expect(run(backend, (x: Tensor) => x, sample([1], dtype))).rejects.toThrow(dtype);
        }
      });
    });
  });
}
