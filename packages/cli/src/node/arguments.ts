// Arguments by `parseArgs` of Node: nothing to install, and what it lacks (nearest names, numbers) is the table that also writes the help.
import { parseArgs } from "node:util";
import { suggestion } from "@hooke/runtime";
import type { Command, Given } from "./command.ts";

/** A mistake in the arguments. */
export class UsageError extends Error {
  /** The command that says more. */
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

/** What a command was given. @throws UsageError on arguments that it does not take */
export function parse(name: string, command: Command, args: readonly string[]): Given | "help" {
  const usage = (message: string): UsageError => new UsageError(message, `hooke ${name} --help`);
  if (args.includes("--help") || args.includes("-h")) return "help";
  const known = Object.keys(command.options);
  const ends = args.indexOf("--");
  for (const arg of ends < 0 ? args : args.slice(0, ends)) {
    const option = /^--([^=]+)/.exec(arg)?.[1];
    if (option !== undefined && !known.includes(option)) {
      throw usage(
        `${name} has no option --${option}.${suggestion(option, known).replaceAll('"', "").replace("mean ", "mean --")}`,
      );
    }
  }
  const { values, positionals } = parsed(command, args, usage);
  const wanted = command.positionals;
  if (positionals.length < wanted.length)
    throw usage(`${name} needs ${wanted.slice(positionals.length).join(" and ")}.`);
  if (positionals.length > wanted.length) {
    const takes = wanted.length === 0 ? "no file" : wanted.join(" ");
    throw usage(`${name} takes ${takes}; "${positionals[wanted.length]}" is one too many.`);
  }
  for (const [option, { required, value }] of Object.entries(command.options)) {
    if (required && values[option] === undefined) throw usage(`${name} needs --${option} ${value}.`);
  }
  const options = Object.entries(values).map(([option, text]) => {
    const read = command.options[option]!.read?.(String(text)) ?? { value: text };
    if (typeof read === "string") throw usage(`--${option} received "${text}"; give ${read}.`);
    return [option, read.value] as const;
  });
  return { positionals, options: Object.fromEntries(options) };
}

function parsed(command: Command, args: readonly string[], usage: (message: string) => UsageError) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([option, { value }]) => [
      option,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw usage((error as Error).message.split("\n")[0]!);
  }
}
