// Pages compressed by Zstandard before the library unpacks them: it knows no end of what a frame states, and of weights that take no bits
// reads forever.
// Source: RFC 8878, sections 3.1.1 (frames and blocks) and 4.1.1, 4.2.1 (tables of weights).
import { type Cursor, nextByte } from "./thrift.ts";

/** What programs take for a window unless told otherwise. */
const largestWindow = 2 ** 27;
/** Bytes that blocks unpack to on the average at least; writers fill theirs, of 128 KiB, but the last. */
const smallBlock = 2 ** 14;
const fewBlocks = 64;

/** Checks that what is compressed unpacks to no more than some times `length` bytes, and comes to an end. @throws where it does not */
export function checkZstd(bytes: Uint8Array, length: number): void {
  const cursor: Cursor = { bytes, at: 0 };
  let [total, blocks] = [0, 0];
  while (cursor.at < bytes.length) {
    const magic = numberOf(cursor, 4);
    if (magic >>> 4 === 0x184d2a5) {
      cursor.at += numberOf(cursor, 4);
      continue;
    }
    if (magic !== 0xfd2fb528) throw new Error("a page is not compressed by Zstandard");
    const hasChecksum = checkFrame(cursor, length);
    for (let isLast = false; !isLast; ) {
      const head = numberOf(cursor, 3);
      isLast = (head & 1) === 1;
      const [type, size] = [(head >> 1) & 3, head >> 3];
      const start = cursor.at;
      if (type === 2) checkWeights(cursor);
      // Of compressed blocks, only how many there are is known.
      else total += size;
      cursor.at = start + (type === 1 ? 1 : size);
      if (total > length || ++blocks > fewBlocks + length / smallBlock || cursor.at > bytes.length) {
        throw new Error(`a page of ${length} bytes is compressed to blocks of more, or is cut short`);
      }
    }
    cursor.at += hasChecksum ? 4 : 0;
  }
}

/** A whole number of some bytes, the lowest first. */
function numberOf(cursor: Cursor, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value += nextByte(cursor) * 256 ** i;
  return value;
}

/** Passes over the header of a frame. Returns whether a checksum ends the frame. */
function checkFrame(cursor: Cursor, length: number): boolean {
  const flags = nextByte(cursor);
  const isOneSegment = (flags & 32) !== 0;
  const window = isOneSegment ? 0 : nextByte(cursor);
  const base = 2 ** (10 + (window >> 3));
  const windowSize = base + (base / 8) * (window & 7);
  if (windowSize > largestWindow) throw new Error(`a page states a window of ${windowSize} bytes`);
  numberOf(cursor, [0, 1, 2, 4][flags & 3]!);
  const sizeBytes = flags >> 6 === 0 ? (isOneSegment ? 1 : 0) : 2 ** (flags >> 6);
  const size = numberOf(cursor, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  if (size > length) throw new Error(`a page of ${length} bytes is compressed to a frame that states ${size}`);
  return (flags & 4) !== 0;
}

/** Checks the weights of a block's literals, where it has some of its own. */
function checkWeights(cursor: Cursor): void {
  const head = nextByte(cursor);
  if ((head & 3) !== 2) return;
  const format = (head >> 2) & 3;
  cursor.at += format < 2 ? 2 : format + 1;
  // Weights from 128 on are not packed.
  if (nextByte(cursor) < 128 && hasOneWeight(cursor)) throw new Error("a page has weights that take no bits");
}

/** Whether all of a table of weights is of one: the first that has a share then has all shares. */
function hasOneWeight(cursor: Cursor): boolean {
  const start = cursor.at;
  const bitAt = (at: number): number => ((cursor.bytes[start + (at >> 3)] ?? 0) >> (at & 7)) & 1;
  let at = 4;
  const nextBits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value += bitAt(at++) << i;
    return value;
  };
  const accuracy = (nextByte(cursor) & 15) + 5;
  const shares = 2 ** accuracy;
  for (let weights = 0; weights < 256; weights++) {
    // Shares are stored plus one; the lowest of these take a bit less.
    const low = nextBits(accuracy);
    const isShort = low < shares - 2;
    const value = isShort ? low : low + nextBits(1) * shares;
    const share = (value >= shares ? value - (shares - 2) : value) - 1;
    if (share !== 0) return share === shares;
    // How many more have none, by threes.
    for (let more = 3; more === 3 && weights < 256; weights += more) more = nextBits(2);
  }
  return false;
}
