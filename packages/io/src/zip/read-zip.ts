// The directory of a zip file: entries with their places, checked before anything is inflated.
// Source: PKWARE, APPNOTE.TXT 6.3.10
import { crc32 } from "@hooke/data/safetensors";
import { fail } from "@hooke/runtime";

/** A file within a zip file, as the directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** Bytes when inflated. */
  readonly size: number;
  readonly checksum: number;
  /** The bytes as they are stored. */
  readonly stored: Uint8Array;
}

const endSize = 22;
const longestComment = 0xffff;
const none32 = 0xffffffff;

/** The entries of a zip file, folders left out. */
export function readZip(bytes: Uint8Array, who: string): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (what: string): never => fail(who, `${what}; the zip file is damaged or cut short.`, "corrupt-file");
  if (bytes.length < endSize || view.getUint16(0, true) !== 0x4b50) {
    fail(who, "does not start as a zip file does (PK); it is of another kind, or damaged.", "corrupt-file");
  }
  const { count, start } = directoryOf(view, damaged);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  const places: [from: number, to: number][] = [];
  for (let i = 0, at = start; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      damaged(`entry ${i} of its directory is missing`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    ) as [number, number, number];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > bytes.length) damaged(`entry ${i} of its directory is missing`);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const what = `entry ${JSON.stringify(name)}`;
    const [flags, method, checksum] = [
      view.getUint16(at + 8, true),
      view.getUint16(at + 10, true),
      view.getUint32(at + 16, true),
    ];
    const { size, storedSize, place } = sizesOf(view, at, nameLength, extraLength) ?? damaged(`${what} has no sizes`);
    at = next;
    if (name.endsWith("/")) continue;
    if (flags & 1) fail(who, `${what} is encrypted. Write the file without a password.`, "unsupported");
    if (method !== 0 && method !== 8) {
      fail(who, `${what} is compressed by method ${method}; 0 (stored) and 8 (deflated) are known.`, "unsupported");
    }
    if (names.has(name)) damaged(`${what} is there twice`);
    names.add(name);
    if (place + 30 > bytes.length || view.getUint32(place, true) !== 0x04034b50)
      damaged(`${what} is not where it should be`);
    const from = place + 30 + view.getUint16(place + 26, true) + view.getUint16(place + 28, true);
    if (!(from + storedSize <= start)) damaged(`${what} does not end before the directory`);
    if (method === 0 && size !== storedSize) damaged(`${what} states ${size} bytes and stores ${storedSize}`);
    places.push([place, from + storedSize]);
    entries.push({
      name,
      deflated: method === 8,
      size,
      checksum,
      stored: bytes.subarray(from, from + storedSize),
    });
  }
  // Entries that share their bytes are how a small file claims to be a large one.
  places.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < places.length; i++) if (places[i]![0] < places[i - 1]![1]) damaged("two of its entries overlap");
  return entries;
}

/** Fails where an entry is not what its checksum was taken of. */
export function checkEntry({ name, checksum }: ZipEntry, inflated: Uint8Array, who: string): void {
  if (crc32(inflated) !== checksum) {
    fail(who, `entry ${JSON.stringify(name)} does not match its checksum; the zip file is damaged.`, "corrupt-file");
  }
}

/** Where the directory is, by the record at the end of the file, or the longer one of large files before it. */
function directoryOf(view: DataView, damaged: (what: string) => never): { count: number; start: number } {
  let end = view.byteLength - endSize;
  const first = Math.max(0, end - longestComment);
  while (
    end >= first &&
    !(view.getUint32(end, true) === 0x06054b50 && end + endSize + view.getUint16(end + 20, true) === view.byteLength)
  ) {
    end--;
  }
  if (end < first) return damaged("the end of its directory is missing");
  let [count, start] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  if (count === 0xffff || start === none32) {
    const locator = end - 20;
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50)
      return damaged("the end of its directory is missing");
    const record = Number(view.getBigUint64(locator + 8, true));
    if (record + 56 > end || view.getUint32(record, true) !== 0x06064b50)
      return damaged("the end of its directory is missing");
    count = Number(view.getBigUint64(record + 32, true));
    start = Number(view.getBigUint64(record + 48, true));
  }
  return start + count * 46 > end ? damaged(`its directory claims ${count} entries`) : { count, start };
}

/** The sizes and the place of an entry; those that do not fit 32 bits stand in an extra field. */
function sizesOf(view: DataView, at: number, nameLength: number, extraLength: number) {
  const short = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  let [from, to] = [0, 0];
  const end = at + 46 + nameLength + extraLength;
  for (let field = at + 46 + nameLength; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    from = field + 4;
    to = Math.min(end, from + view.getUint16(field + 2, true));
  }
  const long = short.map((value) => {
    if (value !== none32) return value;
    from += 8;
    return from <= to ? Number(view.getBigUint64(from - 8, true)) : Number.NaN;
  });
  const [size, storedSize, place] = long as [number, number, number];
  return long.every(Number.isSafeInteger) ? { size, storedSize, place } : undefined;
}
