// Everything `npm test` runs: every step, also after a failure, then one table and one count.
// The count adds up the tests that vitest ran and the other steps.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { checks, type Outcome, printOutcomes, runLane, runStep, type Step } from "./steps.ts";

/** Runs files of tests of some projects of vitest. */
async function runTests(name: string, projects: readonly string[], workers: number, live: boolean): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "hooke-test-"));
  const report = join(folder, "report.json");
  const command = [
    "vitest",
    "run",
    `--maxWorkers=${workers}`,
    ...projects.map((project) => `--project=${project}`),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const { failed: fell, seconds } = await runStep({ name, command, live });
  try {
    const results = JSON.parse(readFileSync(report, "utf8"));
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
    reportSkipped(results);
    const told = failuresOf(results);
    // A file that fails to load, or an error outside any test, fails the run without failing a test.
    const failed = fell ? Math.max(1, numFailedTests) : numFailedTests;
    const failures = fell && told.length === 0 ? [`${name}: an error outside any test, see above`] : told;
    return { name, passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, seconds, failures };
  } catch {
    return { name, passed: 0, failed: 1, skipped: 0, seconds, failures: [`${name}: no report`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What vitest reports. A file that fails to load has a message of its own. */
interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** The tests that failed: their files, their titles and the first lines of what they said. */
function failuresOf({ testResults }: Results): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter(({ status }) => status === "failed");
    const told = failed.map(
      ({ fullName, failureMessages = [] }) => `${file}: ${fullName}\n${start(failureMessages[0])}`,
    );
    return message && failed.length === 0 ? [`${file}\n${start(message)}`] : told;
  });
}

/** The first lines of a message, indented. */
function start(message = ""): string {
  const lines = message.split("\n").slice(0, 8);
  return lines.map((line) => `        ${line.slice(0, 200)}`).join("\n");
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

const build: Step = { name: "build", command: ["turbo", "run", "build"] };
const reference: Step = { name: "reference", command: ["node", "scripts/docs/reference.ts"] };

/** What is built, and tests of it: as a user installs it, and in browsers. */
async function built(): Promise<Outcome[]> {
  return [await runStep(build), await runTests("tests of what is built", ["packaging", "browser"], 2, false)];
}

// Side by side: sources wait for no build. They have three workers on two processors: they take longest, and on clusters, of GPUs and of processes that are
// killed tests wait at times.
const lanes = [runTests("tests of sources", ["alone", "unit"], 3, true), built(), runLane([...checks, reference])];
const outcomes = (await Promise.all(lanes)).flat();

printOutcomes(outcomes);
const total = (field: "passed" | "failed" | "skipped") => outcomes.reduce((sum, outcome) => sum + outcome[field], 0);
const skipped = total("skipped");
console.log(`\n${total("passed")} passed, ${total("failed")} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = total("failed") ? 1 : 0;
