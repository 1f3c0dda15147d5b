// Commands in this process, for tests.
import { hooke } from "./hooke.ts";

/** Runs a command: its exit code and what it said. */
export async function run(args: readonly string[], signal?: AbortSignal) {
  const said = { output: "", messages: "" };
  const collect = (where: keyof typeof said) => ({
    write(text: string) {
      said[where] += text;
    },
  });
  const streams = { output: collect("output"), messages: collect("messages") };
  const code = await hooke(args, { ...streams, ...(signal && { signal }) });
  return { code, ...said };
}
