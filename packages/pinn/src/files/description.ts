// A problem in words that a file can hold: what of it a solution depends on, by name. Its functions are code, and not in it.
import type { Networks } from "../model.ts";
import type { Problem } from "../problem.ts";

/** A JSON value. */
export function descriptionOf(
  { domain, fields, unknowns, exact, terms, plan }: Problem,
  networks: Networks,
): Readonly<Record<string, unknown>> {
  const description = {
    coordinates: domain.coordinates,
    bounds: domain.bounds,
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, { components, coordinates = domain.coordinates }]) => [
        name,
        { components, coordinates, exact: Object.hasOwn(exact, name), network: networks[name] },
      ]),
    ),
    unknowns,
    terms: Object.fromEntries(
      Object.entries(terms).map(([name, { kind }]) => [name, { kind, components: plan.components[name] }]),
    ),
  };
  return JSON.parse(JSON.stringify(description));
}

/** Where two JSON values differ. */
export interface Difference {
  /** Dotted. */
  readonly path: string;
  readonly file: unknown;
  readonly own: unknown;
}

/** The first place where what a file says differs from what is expected; undefined where nothing does. */
export function differenceOf(file: unknown, own: unknown, path = ""): Difference | undefined {
  if (!isBranch(file) || !isBranch(own) || Array.isArray(file) !== Array.isArray(own)) {
    return Object.is(file, own) ? undefined : { path, file, own };
  }
  for (const key of new Set([...Object.keys(own), ...Object.keys(file)])) {
    const found = differenceOf(entryOf(file, key), entryOf(own, key), path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

const entryOf = (record: object, key: string): unknown =>
  Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
