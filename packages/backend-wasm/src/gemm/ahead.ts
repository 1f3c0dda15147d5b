// Loads ahead of use.
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { drop, forLoop, local } from "../encoder/control.ts";
import { i32 } from "../encoder/opcodes.ts";

const line = 64;

/** Rows of A that take so long with rows of B that the next ones can be loaded meanwhile. */
export const fewestAhead = 5;

/** Rows in memory, of so many bytes each, and from one to the next. */
interface Rows {
  readonly first: Code;
  readonly count: number;
  readonly bytes: number;
  readonly stride: number;
}

/**
 * Loads of rows each line, one after the other, so that the processor knows which come next: who reads a part of every row, then the next part, does not
 * show it. The locals hold numbers and an address.
 */
export const loadAhead = (
  { first, count, bytes, stride }: Rows,
  [row, byte, pointer]: readonly [number, number, number],
): Code =>
  forLoop({ index: row, start: 0, limit: count }, [
    local.set(pointer, plus(first, [local.get(row), stride])),
    forLoop({ index: byte, start: 0, limit: bytes, step: line }, [
      drop(i32.load(local.get(pointer))),
      advance(pointer, line),
    ]),
  ]);
