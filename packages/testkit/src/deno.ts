// Deno, where it is installed: WebGPU by wgpu, whose compiler naga is that of Firefox. Node only.
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const path = process.env.HOOKE_DENO ?? "deno";
const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });

/** Of the Deno that is here. Undefined where there is none. */
export const denoVersion: string | undefined = status === 0 ? /[\d.]+/.exec(stdout)?.[0] : undefined;

/** What to add to the name of a skipped suite. */
export const skippedInDeno: string =
  denoVersion === undefined ? " (skipped: no Deno; install it, or set HOOKE_DENO to its path)" : "";

/** Mesa's driver for processors, in its package of Debian. */
const lavapipe = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";

/** The environment of a process that is to have another driver than SwiftShader, where there is one and nobody chose. */
export function withLavapipe(): NodeJS.ProcessEnv {
  const { VK_ICD_FILENAMES: chosen, ...rest } = process.env;
  const isSwiftshader = chosen === undefined || chosen.includes("swiftshader");
  return isSwiftshader && existsSync(lavapipe) ? { ...rest, VK_ICD_FILENAMES: lavapipe } : process.env;
}

/** Runs a program in Deno; what it prints. */
export async function runInDeno(program: string, ...args: readonly string[]): Promise<string> {
  const given = ["run", "--allow-all", "--quiet", program, ...args];
  const { stdout } = await promisify(execFile)(path, given, { env: withLavapipe(), maxBuffer: 2 ** 28 });
  return stdout;
}
