// VTK image data as both of its formats hold it: a regular grid, and arrays at its points and in its cells.
import { fail } from "@hooke/runtime";
import type { StoredName } from "../../stored-array.ts";

/** An array of a file, not yet read. */
export interface VtkArray {
  readonly name: string;
  readonly location: "points" | "cells";
  readonly stored: StoredName;
  /** Numbers of a point or a cell. */
  readonly components: number;
  readonly bigEndian: boolean;
  /** The stored bytes, which are to be so many. */
  bytes(length: number): Uint8Array | Promise<Uint8Array>;
}

/** A file. */
export interface VtkImage {
  /** Points along x, y and z. */
  readonly points: readonly number[];
  readonly spacing: readonly number[];
  /** The place of the first point. */
  readonly origin: readonly number[];
  readonly arrays: readonly VtkArray[];
}

/** Three numbers, or as many as are expected, from text. */
export function numbersOf(who: string, what: string, text: string, count: number): number[] {
  const words = text.trim().split(/\s+/);
  const numbers = words.map(Number);
  if (words.length !== count || words.includes("") || !numbers.every(Number.isFinite)) {
    const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
    fail(who, `states ${what} ${shown}; ${count} numbers are expected: the file is damaged.`, "corrupt-file");
  }
  return numbers;
}

/** What is refused where bytes are missing. */
export function cutShort(who: string, what: string, expected: number, found: number): never {
  return fail(
    who,
    `${what} takes ${expected} bytes, and has ${found}: the file is cut short or damaged.`,
    "corrupt-file",
  );
}
