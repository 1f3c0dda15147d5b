// Repeated keys in JSON text: JSON.parse keeps the last one silently, and two readers may then disagree about a file.

/**
 * The first key that occurs twice in one object of `json`; undefined where there is none.
 *
 * @param json text that JSON.parse accepts
 */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  const token = /["{}]/g;
  const colon = /\s*:/y;
  for (let match = token.exec(json); match !== null; match = token.exec(json)) {
    if (match[0] === "{") open.push(new Set());
    else if (match[0] === "}") open.pop();
    else {
      const end = endOfString(json, match.index);
      token.lastIndex = end;
      // A string before a colon is a key.
      colon.lastIndex = end;
      if (!colon.test(json)) continue;
      // Decoded: "a" and "\u0061" are the same key.
      const key: string = JSON.parse(json.slice(match.index, end));
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** The position after the string that starts at `start`. A pattern for whole strings would exhaust the stack on long ones. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}
