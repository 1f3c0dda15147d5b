/**
 * The layers of Hooke's packages as checks of a backend, each in its packages' group: outputs, next states and gradients are those of the reference; and trainings.
 *
 * @packageDocumentation
 */
import { type CheckReport, type ConformanceCheck, missingDTypes } from "../suite/checks.ts";
import { type LayerCase, titleOf } from "./case.ts";
import { layerCases } from "./cases/index.ts";
import { agreementIn, floatDTypes } from "./checks/agreement.ts";

export { trainingChecks } from "./trainings.ts";

/** A check for each layer, or for what notes of its cases tell apart; its group is the package. In `f32` and `f64`, in training and in inference. */
export function layerAgreementChecks(): ConformanceCheck[] {
  return Object.entries(layerCases).flatMap(([group, layers]) =>
    Object.entries(layers).flatMap(([layer, entries]) =>
      [...Map.groupBy(entries, ({ note }) => (note === undefined ? layer : `${layer}: ${note}`))].map(
        ([name, cases]): ConformanceCheck => ({ group, name, run: (backend) => report(cases, backend) }),
      ),
    ),
  );
}

async function report(
  cases: readonly LayerCase[],
  backend: Parameters<ConformanceCheck["run"]>[0],
): Promise<CheckReport> {
  const skipped: { title: string; reason: string }[] = [];
  const problems: string[] = [];
  for (const entry of cases) {
    for (const dtype of floatDTypes) {
      const reason = entry.skip?.agreement ?? (backend.dtypes.includes(dtype) ? undefined : missingDTypes(backend));
      const title = `${titleOf(entry)}, ${dtype}`;
      if (reason !== undefined) skipped.push({ title, reason });
      else problems.push(...(await agreementIn(dtype, entry, backend)).map((problem) => `${title}: ${problem}`));
    }
  }
  return { ran: floatDTypes.length * cases.length - skipped.length, skipped, problems };
}
