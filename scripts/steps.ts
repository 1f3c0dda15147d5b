// Commands as steps of a check: run, told with their time when they have ended, counted as one each.
import { spawn } from "node:child_process";

/** A command with the name it has in the table. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it speaks while it runs, not when it has ended. Default: false. */
  readonly live?: boolean;
  /** What its environment has besides. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a step found. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** What failed: the test or the step, and what it said. */
  readonly failures: readonly string[];
}

/** How commands are started. */
const options = {
  shell: process.platform === "win32",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
} as const;

/** Runs a step. What it says is printed when it has ended, so that the lanes do not mix, unless it is live. */
export async function runStep({ name, command, live = false, env }: Step): Promise<Outcome> {
  const start = performance.now();
  const title = `\n# ${name}: ${command.join(" ")}`;
  if (live) console.log(title);
  const output = live ? "inherit" : "pipe";
  const child = spawn(command[0]!, command.slice(1), {
    ...options,
    env: { ...options.env, ...env },
    stdio: ["ignore", output, output],
  });
  const said: Buffer[] = [];
  child.stdout?.on("data", (data: Buffer) => said.push(data));
  child.stderr?.on("data", (data: Buffer) => said.push(data));
  const ok = await new Promise<boolean>((resolve) => {
    child.on("error", (error) => {
      said.push(Buffer.from(`${error}\n`));
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
  if (!live) console.log(title);
  process.stdout.write(Buffer.concat(said));
  const seconds = (performance.now() - start) / 1000;
  const end = Buffer.concat(said).toString().trimEnd().split("\n").slice(-8).join("\n");
  const failures = ok || live ? [] : [`${name}\n${end}`];
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, seconds, failures };
}

/** Runs steps one after another, all of them even after a failure. */
export async function runLane(steps: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await runStep(step));
  return outcomes;
}

/** Prints how each step went and how long it took, then the tests that failed: whoever sees but the end of a long log learns of them. */
export function printOutcomes(outcomes: readonly Outcome[]): void {
  console.log();
  for (const { name, passed, failed, seconds } of outcomes) {
    console.log(
      `${failed ? "FAILED" : "ok    "}  ${name.padEnd(22)} ${String(passed).padStart(5)} ${seconds.toFixed(1).padStart(7)} s`,
    );
  }
  for (const failure of outcomes.flatMap(({ failures }) => failures)) console.log(`\nFAILED  ${failure}`);
}

/**
 * Checks types with TypeScript 7; by one thread, which takes less in all, as lanes use every processor. It is a Go program that ends soon: it need not collect
 * garbage before it holds 2 GiB.
 */
function types(name: string, project: string): Step {
  return {
    name,
    command: ["tsc", "--singleThreaded", "-p", project],
    env: { GOGC: "off", GOMEMLIMIT: "2GiB" },
  };
}

/** Formatting, lint, imports and types: what `npm run check` and `npm test` begin with. */
export const checks: readonly Step[] = [
  { name: "format and lint", command: ["biome", "check", "."] },
  { name: "imports", command: ["node", "scripts/check-imports.ts"] },
  types("types", "tsconfig.json"),
  types("types of browser code", "tsconfig.browser.json"),
  types("types of the demo", "apps/demo/tsconfig.json"),
  types("types of the docs", "docs/tsconfig.json"),
];
