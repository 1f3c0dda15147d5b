// Values that become text: dates and times in ISO 8601 with every digit that is stored.
import type { ParquetParsers } from "hyparquet";

const day = 86_400_000;

/** A time since 1970 as text; a fraction of a millisecond is appended, not rounded. */
function instant(units: bigint, perMillisecond: bigint): string {
  let [millis, rest] = [units / perMillisecond, units % perMillisecond];
  if (rest < 0n) [millis, rest] = [millis - 1n, rest + perMillisecond];
  const date = new Date(Number(millis));
  // Beyond what dates can be, the number is kept.
  if (Number.isNaN(date.getTime())) return `${units}`;
  const text = date.toISOString();
  if (perMillisecond === 1n) return text;
  return `${text.slice(0, -1)}${String(rest).padStart(String(perMillisecond).length - 1, "0")}Z`;
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What the library calls for values of these types. */
export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => instant(millis, 1n),
  timestampFromMicroseconds: (micros) => instant(micros, 1_000n),
  timestampFromNanoseconds: (nanos) => instant(nanos, 1_000_000n),
  dateFromDays(days) {
    const date = new Date(days * day);
    return Number.isNaN(date.getTime()) ? `${days}` : date.toISOString().replace("T00:00:00.000Z", "");
  },
  stringFromBytes: utf8,
  jsonFromBytes: utf8,
};
