// A page that runs the conformance suite on a backend, by name.
import { wasmBackend } from "@hooke/backend-wasm";
import { webgpuBackend } from "@hooke/backend-webgpu";
import { type CheckResult, runChecks } from "@hooke/testkit/suite";

const backends = { wasm: () => wasmBackend(), webgpu: () => webgpuBackend() };

declare global {
  interface Window {
    runConformance(
      name: keyof typeof backends,
      skip: Readonly<Record<string, string>>,
      terms: number,
    ): Promise<CheckResult[]>;
  }
}

window.runConformance = async (name, skip, terms) => runChecks(await backends[name](), skip, terms);
