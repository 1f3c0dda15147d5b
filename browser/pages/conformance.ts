// A page that runs the conformance suite on a backend, by name.
import { wasmBackend } from "@hooke/backend-wasm";
import { webgpuBackend } from "@hooke/backend-webgpu";
import { layerAgreementChecks, trainingChecks } from "@hooke/testkit/layers";
import { type CheckResult, conformanceChecks, runChecks, thirdDerivativeChecks } from "@hooke/testkit/suite";

const backends = { wasm: () => wasmBackend(), webgpu: () => webgpuBackend() };

declare global {
  interface Window {
    runConformance(
      name: keyof typeof backends,
      skip: Readonly<Record<string, string>>,
      terms: number,
      others: readonly string[],
    ): Promise<CheckResult[]>;
  }
}

window.runConformance = async (name, skip, terms, others) =>
  runChecks(await backends[name](), skip, [
    ...conformanceChecks(terms),
    ...[...thirdDerivativeChecks(), ...layerAgreementChecks(), ...trainingChecks()].filter((check) =>
      others.includes(`${check.group}: ${check.name}`),
    ),
  ]);
