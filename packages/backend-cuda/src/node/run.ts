// Programs of the machine, started without a shell. A missing program is an outcome, not an exception.
import { spawn } from "node:child_process";

/** How a program ended. */
export interface Outcome {
  /** The exit code; 127 if there is no such program, 128 if a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  /** What it wrote to standard error, or why it could not be started. */
  readonly stderr: string;
}

/** Starts a program and waits for its end. */
export type Run = (
  command: string,
  args: readonly string[],
  options?: { readonly cwd?: string; readonly timeout?: number },
) => Promise<Outcome>;

/** A {@link Run} in the environment `env`. A program that takes longer than `timeout` milliseconds is ended. */
export function runIn(env: NodeJS.ProcessEnv): Run {
  return (command, args, { cwd, timeout } = {}) =>
    new Promise((resolve) => {
      const child = spawn(command, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
      // Not the option of `spawn`: its timer outlives a program that could not be started.
      const timer = timeout === undefined ? undefined : setTimeout(() => child.kill(), timeout);
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("error", () => {
        clearTimeout(timer);
        resolve({ code: 127, stdout, stderr: `there is no program "${command}"` });
      });
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        resolve({ code: code ?? 128, stdout, stderr: signal ? `${stderr}ended by ${signal}` : stderr });
      });
    });
}

/** The last lines of a text that are not empty: where programs say what went wrong. */
export function lastLines(text: string, count = 5): string {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");
}
