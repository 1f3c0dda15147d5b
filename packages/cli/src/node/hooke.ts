// The command line as one function: the command is found and run, and what goes wrong becomes a message and an exit code.
import { checkArgument, checkOptions, HookeError, suggestion } from "@hooke/runtime";
import { parse, UsageError } from "./arguments.ts";
import type { Command, Streams } from "./command.ts";
import { advise } from "./commands/advise.ts";
import { collect } from "./commands/collect.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { start } from "./commands/new.ts";
import { predict } from "./commands/predict.ts";
import { report } from "./commands/report.ts";
import { sweep } from "./commands/sweep.ts";
import { train } from "./commands/train.ts";
import { commandHelp, overview } from "./help.ts";
import { asTyped } from "./typed.ts";

/** Where {@link hooke} writes, and what stops it. */
export interface HookeOptions {
  /** Results. Default `process.stdout`. */
  readonly output?: Streams["output"];
  /** Progress, notes and errors. Default `process.stderr`. */
  readonly messages?: Streams["messages"];
  /** Stops the command; what is known by then is printed. */
  readonly signal?: AbortSignal;
}

const commands: Readonly<Record<string, Command>> = {
  advise,
  train,
  predict,
  explain,
  report,
  sweep,
  collect,
  doctor,
  new: start,
};

const writable = (value: unknown): string | undefined =>
  typeof (value as { write?: unknown } | null)?.write === "function" ? undefined : "a stream, such as process.stdout";

/**
 * Runs a command as `hooke` does, and returns its exit code: 0, 1 after an error, 2 after a mistake in the arguments, 130 where it was
 * stopped.
 *
 * @param args what follows `hooke` on the command line
 * @throws on faults of Hooke's own
 * @example
 * ```ts
 * import { hooke } from "@hooke/cli";
 *
 * let help = "";
 * const code = await hooke(["advise", "--help"], { output: { write: (text: string) => void (help += text) } });
 * console.log(code, help.split("\n")[0]); // 0 Usage: hooke advise DATA.csv --target COLUMN [options]
 * ```
 */
export async function hooke(args: readonly string[], options: HookeOptions = {}): Promise<number> {
  checkArgument("hooke", "the arguments", args, (value) =>
    Array.isArray(value) && value.every((part) => typeof part === "string")
      ? undefined
      : 'a list of texts, such as ["advise", "data.csv", "--target", "strength"]',
  );
  checkOptions<HookeOptions>("hooke", options, {
    optional: {
      output: writable,
      messages: writable,
      signal: (value) => (value instanceof AbortSignal ? undefined : "an AbortSignal"),
    },
  });
  const { output = process.stdout, messages = process.stderr, signal = new AbortController().signal } = options;
  try {
    const [name, ...rest] = args;
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      output.write(overview(commands, output.columns));
      return name === undefined ? 2 : 0;
    }
    const command = Object.hasOwn(commands, name) ? commands[name]! : undefined;
    if (command === undefined) {
      throw new UsageError(`there is no command "${name}".${suggestion(name, Object.keys(commands))}`, "hooke --help");
    }
    const given = parse(name, command, rest);
    if (given === "help") {
      output.write(commandHelp(name, command, output.columns));
      return 0;
    }
    signal.throwIfAborted();
    await command.run(given, { output, messages, signal });
    return 0;
  } catch (error) {
    if (error === signal.reason && signal.aborted) {
      messages.write("Stopped.\n");
      return 130;
    }
    if (error instanceof UsageError) {
      messages.write(`hooke: ${error.message}\n${error.help} says more.\n`);
      return 2;
    }
    if (!(error instanceof HookeError)) throw error;
    messages.write(`${asTyped(error.message)}\n`);
    return 1;
  }
}
