// A part of what is in a file, chosen by name.
import { type Check, fail, quoted, suggestion } from "@hooke/runtime";

/** Names, or what says whether a name is chosen. */
export type SelectedNames = readonly string[] | ((name: string) => boolean);

/** Expects {@link SelectedNames}. */
export const selectedNamesCheck: Check = (value) =>
  Array.isArray(value) || typeof value === "function" ? undefined : "a list of names, or a function of a name";

/**
 * The entries of these names; all of them where none are given.
 *
 * @param who the speaker
 * @param what what an entry is, e.g. `"tensor"`
 * @throws on a name that is not there (`"mismatch"`)
 */
export function selectNames<T extends { readonly name: string }>(
  who: string,
  what: string,
  entries: readonly T[],
  names: SelectedNames | undefined,
): readonly T[] {
  if (names === undefined) return entries;
  if (typeof names === "function") return entries.filter(({ name }) => names(name));
  const known = entries.map(({ name }) => name);
  const absent = names.find((name) => !known.includes(name));
  if (absent !== undefined) {
    const some = known.length > 20 ? `${quoted(known.slice(0, 20))} and ${known.length - 20} more` : quoted(known);
    fail(who, `has no ${what} "${absent}".${suggestion(absent, known)} It has ${some || "none"}.`, "mismatch");
  }
  return entries.filter(({ name }) => names.includes(name));
}
