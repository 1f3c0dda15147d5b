// Numbers of tables: so many digits that count, and powers of ten only where a number would be long.

/** From here on as a power of ten. */
const long = 1e9;

/** `1849`, `690` for 687 of two digits, `19720` for 19718 of four, `0.2060`. */
export function digitsText(value: number, count: number): string {
  const text = value.toPrecision(count);
  return text.includes("e") && Math.abs(value) >= 1 && Math.abs(value) < long ? Number(text).toString() : text;
}
