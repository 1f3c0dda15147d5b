// WebGPU in Firefox: the built packages on another compiler, naga, and with a driver for processors, Mesa's lavapipe where that is.
import { trainingChecks } from "@hooke/testkit/layers";
import { leftOut } from "@hooke/testkit/suite";
import { expect, test } from "vitest";
import { conformanceInPage, onWebgpu } from "./harness/conformance.ts";
import { evaluateInFirefox, skipped } from "./harness/firefox.ts";

const skip = leftOut(onWebgpu, { every: 8, reason: "a sample" });

test.skipIf(skipped)(`a sample of the suite, and a training, agree with the reference${skipped}`, async () => {
  const [training] = trainingChecks();
  const title = `${training!.group}: ${training!.name}`;
  const results = await conformanceInPage(evaluateInFirefox, "webgpu", [title], skip);
  expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(80);
  expect(results.at(-1)).toMatchObject({ name: training!.name, ran: 1 });
});
