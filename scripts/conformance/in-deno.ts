// Runs in Deno: the suite on its WebGPU, as main.ts runs it elsewhere. Prints JSON: the device, and what each check found.
import { webgpuBackend } from "@hooke/backend-webgpu";
import { layerAgreementChecks, trainingChecks } from "@hooke/testkit/layers";
import { conformanceChecks, knownDifferences, runChecks, thirdDerivativeChecks } from "@hooke/testkit/suite";

const backend = await webgpuBackend();
// As in pages: millions of terms take a minute without a GPU.
const checks = [...conformanceChecks(1e4), ...thirdDerivativeChecks(), ...layerAgreementChecks(), ...trainingChecks()];
const results = await runChecks(backend, knownDifferences.webgpu, checks);
console.log(JSON.stringify({ device: backend.deviceName, results }));
