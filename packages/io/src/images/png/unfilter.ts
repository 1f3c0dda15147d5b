// The filters of PNG: each row as differences from what is beside and above it. Source: W3C, PNG, section 9.
import { fail } from "@hooke/runtime";

/**
 * Rows as they were before the filters.
 *
 * @param filtered of each row a byte that names the filter, then `rowBytes` bytes
 * @param step bytes from a sample to that of the pixel on its left
 * @throws on a filter that PNG does not have
 */
export function unfilter(
  who: string,
  filtered: Uint8Array,
  rows: number,
  rowBytes: number,
  step: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const at = row * rowBytes;
    const from = row * (rowBytes + 1) + 1;
    const kind = filtered[from - 1]!;
    if (kind > 4)
      fail(who, `row ${row} has the filter ${kind}, which PNG does not have. Get the file again.`, "corrupt-file");
    const line = filtered.subarray(from, from + rowBytes);
    const target = out.subarray(at, at + rowBytes);
    // Above the first row are zeros.
    const above = row === 0 ? new Uint8Array(rowBytes) : out.subarray(at - rowBytes, at);
    filters[kind]!(line, above, target, step);
  }
  return out;
}

type Filter = (line: Uint8Array, above: Uint8Array, target: Uint8Array, step: number) => void;

const filters: readonly Filter[] = [
  (line, _, target) => target.set(line),
  (line, _, target, step) => {
    for (let i = 0; i < step; i++) target[i] = line[i]!;
    for (let i = step; i < line.length; i++) target[i] = line[i]! + target[i - step]!;
  },
  (line, above, target) => {
    for (let i = 0; i < line.length; i++) target[i] = line[i]! + above[i]!;
  },
  (line, above, target, step) => {
    for (let i = 0; i < step; i++) target[i] = line[i]! + (above[i]! >> 1);
    for (let i = step; i < line.length; i++) target[i] = line[i]! + ((target[i - step]! + above[i]!) >> 1);
  },
  (line, above, target, step) => {
    for (let i = 0; i < step; i++) target[i] = line[i]! + above[i]!;
    for (let i = step; i < line.length; i++) {
      const [left, up, corner] = [target[i - step]!, above[i]!, above[i - step]!];
      const fromLeft = Math.abs(up - corner);
      const fromUp = Math.abs(left - corner);
      const fromCorner = Math.abs(left + up - 2 * corner);
      const nearest = fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
      target[i] = line[i]! + nearest;
    }
  },
];
