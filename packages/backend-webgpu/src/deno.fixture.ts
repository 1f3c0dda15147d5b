// Runs in Deno: the first case of each primitive that f32 has, one in five of the other checks, and prints what they found.
import { primitiveCases } from "@hooke/testkit";
import { conformanceChecks, knownDifferences, runChecks, thirdDerivativeChecks } from "@hooke/testkit/suite";
import { webgpuBackend } from "./backend.ts";

const reason = "one in five";
const skipped = [...primitiveCases()].flatMap(([primitive, cases]) => {
  const first = cases.findIndex(({ inputs }) => inputs.every(({ dtype }) => dtype !== "f64"));
  return cases.filter((_, at) => at !== first).map(({ note }) => [`${primitive}: ${note}`, reason]);
});
const [primitives, others] = [true, false].map((own) =>
  conformanceChecks(1e4).filter(({ group }) => (group === "primitives") === own),
);
const checks = [...primitives!, ...[...others!, ...thirdDerivativeChecks()].filter((_, at) => at % 5 === 0)];
const skip = { ...knownDifferences.webgpu, ...Object.fromEntries(skipped) };
console.log(JSON.stringify(await runChecks(await webgpuBackend(), skip, checks)));
