// The help, of a command and of all, in lines that fit the terminal.
import type { Command, Option } from "./command.ts";
import { entryText, wrapped } from "./terminal.ts";

/** The help of all commands. @param columns a line has so many characters at most. Default: as long as it is */
export function overview(commands: Readonly<Record<string, Command>>, columns = Number.POSITIVE_INFINITY): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    "Usage: hooke COMMAND [arguments]",
    "",
    ...Object.entries(commands).map(([name, { does }]) => entryText(name.padEnd(width), does, columns)),
    "",
    wrapped(
      "hooke COMMAND --help says more of one. Exit codes: 0, 1 after an error, 2 after a mistake in the arguments, 130 when stopped.",
      columns,
    ),
    "",
  ].join("\n");
}

/** The help of a command. @param columns a line has so many characters at most. Default: as long as it is */
export function commandHelp(
  name: string,
  { does, positionals, options }: Command,
  columns = Number.POSITIVE_INFINITY,
): string {
  const shown = Object.entries({ ...options, help: { does: "says this" } as Option });
  const left = shown.map(([option, { value }]) => `--${option}${value === undefined ? "" : ` ${value}`}`);
  const width = Math.max(...left.map((text) => text.length));
  const required = shown.flatMap(([, option], i) => (option.required ? [left[i]!] : []));
  return [
    wrapped(`Usage: ${["hooke", name, ...positionals, ...required, "[options]"].join(" ")}`, columns),
    "",
    wrapped(`${does.charAt(0).toUpperCase()}${does.slice(1)}.`, columns),
    "",
    ...shown.map(([, option], i) => entryText(left[i]!.padEnd(width), option.does, columns)),
    "",
  ].join("\n");
}
