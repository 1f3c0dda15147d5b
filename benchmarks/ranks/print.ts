// Tables, and how they say what deviates.
import { align } from "../table.ts";

/** Prints a table of Markdown under its heading, and notes below. */
export const print = (heading: string, table: readonly (readonly string[])[], ...notes: readonly string[]): void =>
  console.log([`## ${heading}`, "", ...align(table), "", ...notes.map((note) => `- ${note}`), ""].join("\n"));
/** With its sign. */
export const percent = (part: number): string => `${part < 0 ? "-" : "+"}${Math.abs(100 * part).toFixed(0)} %`;
/** The one farthest from zero. */
export const worst = (deviations: readonly number[]): string =>
  deviations.length === 0
    ? "-"
    : percent(deviations.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0));
/** The square root of the mean square. */
export const spread = (deviations: readonly number[]): string =>
  deviations.length === 0 ? "-" : `${((100 * Math.hypot(...deviations)) / Math.sqrt(deviations.length)).toFixed(0)} %`;
