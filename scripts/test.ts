// Everything `npm test` runs: every step, also after a failure, then one table and one count.
// The count adds up the tests that vitest ran and the other steps.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checks, type Outcome, options, printOutcomes, runLane, type Step } from "./steps.ts";

/** Two lanes for two processors. */
const lanes: readonly (readonly Step[])[] = [
  checks,
  [
    { name: "build", command: ["turbo", "run", "build"] },
    { name: "reference", command: ["node", "scripts/docs/reference.ts"] },
  ],
];

function runTests(): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "hooke-test-"));
  const report = join(folder, "report.json");
  const command = [
    "vitest",
    "run",
    "--project=alone",
    "--project=unit",
    "--project=packaging",
    "--project=browser",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  console.log("\n# tests: vitest run");
  const start = performance.now();
  const ok = spawnSync(command[0]!, command.slice(1), { ...options, stdio: "inherit" }).status === 0;
  const seconds = (performance.now() - start) / 1000;
  try {
    const results = JSON.parse(readFileSync(report, "utf8"));
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
    reportSkipped(results);
    // A file that fails to load, or an error outside any test, fails the run without failing a test.
    const failed = ok ? numFailedTests : Math.max(1, numFailedTests);
    return { name: "tests", passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, seconds };
  } catch {
    return { name: "tests", passed: 0, failed: 1, skipped: 0, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Prints how many tests were skipped for each reason: what their titles say after "skipped:". */
function reportSkipped({ testResults }: Results): void {
  const counts = new Map<string, number>();
  for (const { status, fullName } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    if (status === "passed" || status === "failed") continue;
    const reason = /skipped: (.*?)\)(?: |$)/.exec(fullName)?.[1] ?? fullName;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of counts) console.log(`skipped ${String(count).padStart(4)}  ${reason}`);
}

const outcomes = [...(await Promise.all(lanes.map(runLane))).flat(), runTests()];

printOutcomes(outcomes);
const total = (field: "passed" | "failed" | "skipped") => outcomes.reduce((sum, outcome) => sum + outcome[field], 0);
const skipped = total("skipped");
console.log(`\n${total("passed")} passed, ${total("failed")} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = total("failed") ? 1 : 0;
