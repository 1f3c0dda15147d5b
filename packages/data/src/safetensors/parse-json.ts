// JSON text from anywhere. JSON.parse keeps the last of two equal keys silently, so that two readers may disagree about a file,
// and takes nesting that overflows the stack of whoever walks the result.
import { fail } from "@hooke/runtime";

const maxNesting = 512;

/**
 * What a JSON text stands for.
 *
 * @param who the speaker of errors
 * @param what the text is, e.g. `"the header"`
 * @throws if it is no JSON, nested deeper than 512, or has a key twice in one object
 */
export function parseJson(text: string, who: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    fail(
      who,
      `${what} is not valid JSON (${(error as Error).message}); the file is damaged or of another kind.`,
      "corrupt-file",
    );
  }
  const fault = faultOf(text);
  if (fault !== undefined) fail(who, `${what} ${fault}; the file was written by a faulty program.`, "corrupt-file");
  return value;
}

/**
 * What is wrong with JSON that JSON.parse accepts; undefined where nothing is.
 *
 * @param json text that JSON.parse accepts
 */
export function faultOf(json: string): string | undefined {
  // The keys of each object that is open; undefined for a list.
  const open: (Set<string> | undefined)[] = [];
  const token = /["{}[\]]/g;
  const colon = /\s*:/y;
  for (let match = token.exec(json); match !== null; match = token.exec(json)) {
    const [character] = match;
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character !== '"') open.pop();
    else {
      const end = endOfString(json, match.index);
      token.lastIndex = end;
      // A string before a colon is a key.
      colon.lastIndex = end;
      if (!colon.test(json)) continue;
      // Decoded: "a" and "\u0061" are the same key.
      const key: string = JSON.parse(json.slice(match.index, end));
      const keys = open.at(-1)!;
      if (keys.has(key)) return `has the key "${key}" twice`;
      keys.add(key);
    }
    if (open.length > maxNesting) return `is nested deeper than ${maxNesting}`;
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
