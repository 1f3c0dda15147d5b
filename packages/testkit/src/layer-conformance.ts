// The conformance suite of layers as vitest tests.
import type { Backend, LayerConstructor, Plugin } from "@hooke/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { type LayerCases, planLayerChecks, tableProblems } from "./layers/run.ts";

/**
 * Registers the vitest tests that every layer of a plugin passes. They check that
 *
 * - `round trip`: JSON and a model's file give the layer back, predictions with the same bits included;
 * - `shapes`: inferred shapes, dtypes and parameter counts are the actual ones, and outputs are finite, in f32 and f64;
 * - `derivatives`: first and second derivatives in input, extras and parameters agree with differences in double precision;
 * - `rows`: in inference, a row does not depend on the rows beside it;
 * - `padding`: what pads sequences with `lengths` reaches no output, no state and no derivative, or the layer refuses lengths;
 * - `frozen`: inside `frozen`, parameters and running statistics stay as they are through updates;
 * - `refusals`: an unknown option and inputs with too few or too many axes are refused by a message that names the layer;
 * - `reproducible`: the same seed gives the same parameters, the same key the same pass in training;
 * - `agreement`: outputs, states and gradients on the backend are the reference's, to 1e-4 in f32 and 1e-11 in f64 of an
 *   array's largest element or 1.
 *
 * @param cases at least one for every layer of the plugin; a forgotten one neither compiles nor passes
 * @param createBackend makes the backend that the layers run on; called once
 */
export function layerConformance<const L extends Readonly<Record<string, LayerConstructor>>>(
  plugin: Plugin<{ readonly layers: L }>,
  cases: LayerCases<L>,
  createBackend: () => Backend | Promise<Backend>,
): void {
  describe(`layers of the plugin ${plugin.name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await createBackend();
    });

    it("each have a case", () => expect(tableProblems(plugin, cases)).toEqual([]));
    for (const [title, checks] of Map.groupBy(planLayerChecks(plugin, cases), (planned) => planned.title)) {
      describe(title, () => {
        for (const { check, skipped, run } of checks) {
          if (skipped !== undefined) it.skip(`${check} (skipped: ${skipped})`);
          else it(check, async () => expect(await run(backend)).toEqual([]));
        }
      });
    }
  });
}
