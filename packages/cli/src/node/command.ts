// What a command is: its arguments as data, of which the parser and the help are made, and what it does.

/** Where a command writes, and what stops it. */
export interface Streams {
  readonly output: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly messages: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly signal: AbortSignal;
}

/** An option: without a `value` it is there or not. */
export interface Option {
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly does: string;
  readonly required?: boolean;
  /** Makes of the text what is meant, or says what is expected: `"a number above 0"`. Default: the text as it is. */
  readonly read?: (text: string) => { readonly value: unknown } | string;
}

/** Arguments as they were given. */
export interface Given {
  /** In the order of the command's `positionals`. */
  readonly positionals: readonly string[];
  /** By name; those that were left out are missing. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Command {
  readonly does: string;
  /** What stands for them in the help. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly run: (given: Given, streams: Streams) => Promise<void>;
}

/** A number above 0. */
export const positive: NonNullable<Option["read"]> = (text) => {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value > 0 ? { value } : "a number above 0";
};

/** A whole number from 0. */
export const whole: NonNullable<Option["read"]> = (text) =>
  /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? { value: Number(text) } : "a whole number from 0";

/** A whole number from 1. */
export const count: NonNullable<Option["read"]> = (text) => {
  const read = whole(text);
  return typeof read === "object" && read.value !== 0 ? read : "a whole number from 1";
};

/** A number between 0 and 1. */
export const share: NonNullable<Option["read"]> = (text) => {
  const value = Number(text);
  return text.trim() !== "" && value > 0 && value < 1 ? { value } : "a number between 0 and 1, such as 0.9";
};

/** One of some words. */
export const oneOf =
  (words: readonly string[]): NonNullable<Option["read"]> =>
  (text) =>
    words.includes(text) ? { value: text } : `one of ${words.join(", ")}`;

/** Names with commas between them. */
export const names: NonNullable<Option["read"]> = (text) => ({ value: text.split(",").map((name) => name.trim()) });
