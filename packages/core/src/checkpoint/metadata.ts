// The JSON inside a checkpoint: numbers that JSON lacks survive, and two documents can be compared.

/** JSON text in which NaN and the infinities are kept. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? { nonFinite: String(item) } : item,
  );
}

/** What {@link encodeJson} was given. @throws SyntaxError on anything but JSON */
export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    const keys = typeof item === "object" && item !== null ? Object.keys(item) : [];
    return keys.length === 1 && keys[0] === "nonFinite" ? Number((item as { nonFinite: string }).nonFinite) : item;
  });
}

/** The first place where two JSON values differ; undefined if they are equal. */
export function firstDifference(
  a: unknown,
  b: unknown,
  path = "",
): { path: string; a: unknown; b: unknown } | undefined {
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    return Object.is(a, b) ? undefined : { path, a, b };
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const at = path === "" ? key : `${path}.${key}`;
    const found = firstDifference((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], at);
    if (found !== undefined) return found;
  }
  return undefined;
}
