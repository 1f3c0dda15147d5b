// Pieces of files that are in memory: those that were used last.
import type { HostArray } from "@hooke/runtime";

/** Pieces that are read at a time: while they are decoded they take memory twice. */
const together = 4;

/**
 * Reads pieces and holds those that were used last.
 *
 * @param read a piece by number; one that fails is read anew when it is asked for again
 * @param bytesOf what a piece takes
 * @param memory bytes that are held; more only while one reading needs them
 */
export function holdPieces(
  read: (piece: number) => Promise<HostArray>,
  bytesOf: (piece: number) => number,
  memory: number,
): (pieces: readonly number[]) => Promise<HostArray[]> {
  // A map keeps the order in which pieces were put in: the first was used longest ago.
  const held = new Map<number, Promise<HostArray>>();
  let bytes = 0;
  const drop = (piece: number, values: Promise<HostArray>): void => {
    if (held.get(piece) !== values) return;
    held.delete(piece);
    bytes -= bytesOf(piece);
  };
  const use = (piece: number): Promise<HostArray> => {
    const known = held.get(piece);
    if (known !== undefined) {
      held.delete(piece);
      held.set(piece, known);
      return known;
    }
    const values = read(piece);
    held.set(piece, values);
    bytes += bytesOf(piece);
    values.catch(() => drop(piece, values));
    return values;
  };
  return async (pieces) => {
    const asked = new Set(pieces);
    const found: HostArray[] = [];
    for (let at = 0; at < pieces.length; at += together) {
      const some = pieces.slice(at, at + together).map(use);
      for (const [piece, values] of held) {
        if (bytes <= memory) break;
        if (!asked.has(piece)) drop(piece, values);
      }
      found.push(...(await Promise.all(some)));
    }
    return found;
  };
}
