// What a binding finds, tried in a process of its own: a native library that cannot start takes nothing down with it,
// and a look at the backends holds no GPU memory.
import { lastLines, type Run } from "./run.ts";

/** What a binding reported. */
export type Probe =
  | { readonly works: true; readonly tensorflow: string; readonly gpu: boolean }
  | { readonly works: false; readonly problem: string };

const script = `
const addon = { exports: {} };
process.dlopen(addon, process.argv[1]);
const { TF_Version: tensorflow, isUsingGpuDevice } = addon.exports;
process.stdout.write("hooke" + JSON.stringify({ tensorflow, gpu: isUsingGpuDevice() }));`;

/** Loads a binding in a child process and asks it for TensorFlow's version and whether it sees a GPU. */
export async function probe(run: Run, binding: string): Promise<Probe> {
  const { code, stdout, stderr } = await run(process.execPath, ["-e", script, binding], { timeout: 120_000 });
  const answer = /hooke(\{.*\})/.exec(stdout)?.[1];
  if (code === 0 && answer) return { works: true, ...JSON.parse(answer) };
  const cause = /^Error: (.+)$/m.exec(stderr)?.[1] ?? lastLines(stderr, 2);
  return { works: false, problem: cause || `it ended with code ${code}` };
}
