// A page that runs the conformance suite on a backend, by name.
import { wasmBackend } from "@hooke/backend-wasm";
import { webgpuBackend } from "@hooke/backend-webgpu";
import { layerAgreementChecks } from "@hooke/testkit/layers";
import { type CheckResult, conformanceChecks, runChecks } from "@hooke/testkit/suite";

const backends = { wasm: () => wasmBackend(), webgpu: () => webgpuBackend() };

declare global {
  interface Window {
    runConformance(
      name: keyof typeof backends,
      skip: Readonly<Record<string, string>>,
      terms: number,
      layers: boolean,
    ): Promise<CheckResult[]>;
  }
}

window.runConformance = async (name, skip, terms, layers) =>
  runChecks(await backends[name](), skip, [...conformanceChecks(terms), ...(layers ? layerAgreementChecks() : [])]);
