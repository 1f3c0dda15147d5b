// Runs a study from the command line: trials kept in its run folder, an orderly end at Ctrl-C, a report.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import type { Report } from "@hooke/report";
import { writeReport } from "@hooke/report/node";
import { openTrials, type Trials } from "@hooke/sweep";
import { type CommandLine, type Flags, type Given, readCommandLine } from "./command-line.ts";

export interface StudyOptions<Settings, F extends Flags> {
  readonly full: Settings;
  /** Those of `--small`. */
  readonly small: Settings;
  /** Flags besides `--small` and `--resume`. Trials kept with some are for the same ones. */
  readonly flags?: F;
}

export interface Study<Settings, F extends Flags> {
  readonly settings: Settings;
  readonly given: Given<F>;
  /** The run folder. */
  readonly folder: string;
  readonly trials: Trials;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Writes the report into the run folder and says where it is. */
  report(report: Report): Promise<void>;
}

/** @param name its folder among the examples */
export async function runStudy<Settings extends object, const F extends Flags = Record<never, never>>(
  name: string,
  { full, small, flags = {} as F }: StudyOptions<Settings, F>,
  work: (study: Study<Settings, F>) => Promise<void>,
): Promise<void> {
  let begun: (CommandLine<F> & { readonly folder: string }) | undefined;
  await runInterruptible(async () => {
    const line = readCommandLine(name, flags);
    const root = line.root ?? fileURLToPath(new URL("../../runs", import.meta.url));
    begun = { ...line, folder: line.resume ?? (await createRunFolder(root, name)) };
  });
  if (begun === undefined) return;
  const { folder, given, command } = begun;
  const settings = begun.small ? small : full;
  const report = async (content: Report): Promise<void> => {
    const file = join(folder, "report.html");
    await writeReport(file, content);
    console.log(`\nReport:\n${displayPath(file)}`);
  };
  await runInterruptible(
    async (signal) => {
      const trials = await openTrials(folder, { settings: { ...settings, ...given }, signal });
      await work({ settings, given, folder, trials, signal, report });
    },
    `${command} --resume ${displayPath(folder)}`,
  );
}
