// What is typed after a study's name: its size, flags of its own, and where its run folder goes or is.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { HookeError } from "@hooke/runtime";

/** Flags of one study, as `parseArgs` takes them. */
export type Flags = Readonly<Record<string, { readonly type: "string" | "boolean" }>>;

/** What was given for them; a flag that was not is absent. */
export type Given<F extends Flags> = {
  readonly [N in keyof F]?: F[N]["type"] extends "string" ? string : boolean;
};

export interface CommandLine<F extends Flags> {
  readonly small: boolean;
  readonly given: Given<F>;
  /** The run folder to go on from. */
  readonly resume: string | undefined;
  /** Where a new run folder is made. */
  readonly root: string | undefined;
  /** The command without folders: with `--resume` and one it goes on. */
  readonly command: string;
}

/** @throws on what a study does not take, with what it does */
export function readCommandLine<F extends Flags>(
  name: string,
  flags: F,
  words: readonly string[] = process.argv.slice(2),
): CommandLine<F> {
  const own = Object.entries(flags).map(([flag, { type }]) => `--${flag}${type === "string" ? " TEXT" : ""}`);
  const refuse = (what: string, cause?: unknown): never => {
    const known = ["--small", ...own].map((flag) => `[${flag}]`).join(" ");
    throw new HookeError(`${name}: ${what} Give ${known} and [a folder for run folders], or --resume RUN_FOLDER.`, {
      cause,
    });
  };
  const options: ParseArgsOptionsConfig = { ...flags, small: { type: "boolean" }, resume: { type: "string" } };
  const parse = () => parseArgs({ args: [...words], options, allowPositionals: true });
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse();
  } catch (error) {
    return refuse(`${(error as Error).message.split(". ")[0]}.`, error);
  }
  const { small, resume, ...given } = parsed.values as { small?: boolean; resume?: string } & Record<string, unknown>;
  const [root, ...rest] = parsed.positionals;
  if (rest.length > 0) refuse(`received ${parsed.positionals.length} folders.`);
  if (root !== undefined && resume !== undefined) refuse("received a folder for run folders, and one to go on from.");
  const typed = Object.entries(given).flatMap(([flag, value]) =>
    value === true ? [`--${flag}`] : [`--${flag}`, quotedForShell(String(value))],
  );
  const command = [`node examples/${name}/main.ts`, ...(small ? ["--small"] : []), ...typed].join(" ");
  return { small: small === true, given: given as Given<F>, resume, root, command };
}

const quotedForShell = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
