// What studies take from the command line, and what they refuse.
import { expect, it } from "vitest";
import { readCommandLine } from "./command-line.ts";

const flags = { weights: { type: "string" }, fast: { type: "boolean" } } as const;
const read = (...words: string[]) => readCommandLine("norms", flags, words);

it("reads the size, flags and the folder, and says which command goes on", () => {
  expect(read()).toMatchObject({ small: false, given: {}, resume: undefined, root: undefined });
  expect(read("--small", "--weights", "a b.safetensors", "--fast", "runs")).toEqual({
    small: true,
    given: { weights: "a b.safetensors", fast: true },
    resume: undefined,
    root: "runs",
    command: "node examples/norms/main.ts --small --weights 'a b.safetensors' --fast",
  });
  expect(read("--resume", "runs/one").resume).toBe("runs/one");
});

it.each([
  [["--smal"], "norms: Unknown option '--smal'."],
  [["--weights"], "norms: Option '--weights <value>' argument missing."],
  [["a", "b"], "norms: received 2 folders."],
  [["a", "--resume", "b"], "norms: received a folder for run folders, and one to go on from."],
])("refuses %j", (words, what) => {
  const cure = "Give [--small] [--weights TEXT] [--fast] and [a folder for run folders], or --resume RUN_FOLDER.";
  expect(() => read(...words)).toThrow(`${what} ${cure}`);
});
