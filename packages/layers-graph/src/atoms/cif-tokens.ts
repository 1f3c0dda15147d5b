// The text of a CIF file as names with values, and loops as tables.
import { fail } from "@hooke/runtime";

/** One data block: single values and columns of loops, by lower-case name. */
export interface CifBlock {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

interface Token {
  readonly text: string;
  /** Whether it was quoted, and so is a value whatever it looks like. */
  readonly quoted: boolean;
}

/** Words, quoted texts and texts between lines that begin with a semicolon; comments are left out. */
function tokensOf(text: string): Token[] {
  const pattern =
    /(?:^|\n);([\s\S]*?)\n;|'((?:[^'\n]|'(?=\S))*)'(?=\s|$)|"((?:[^"\n]|"(?=\S))*)"(?=\s|$)|#[^\n]*|(\S+)/g;
  const tokens: Token[] = [];
  for (const [, block, single, double, word] of text.replaceAll("\r\n", "\n").matchAll(pattern)) {
    const quoted = block ?? single ?? double;
    if (quoted !== undefined) tokens.push({ text: quoted, quoted: true });
    else if (word !== undefined) tokens.push({ text: word, quoted: false });
  }
  return tokens;
}

/** The first block of a file. @throws with the code `invalid-data` where names, loops and values do not alternate as they must */
export function parseCifBlock(who: string, text: string): CifBlock {
  const tokens = tokensOf(text);
  const isWord = ({ text: word, quoted }: Token, pattern: RegExp): boolean => !quoted && pattern.test(word);
  const isValue = (token: Token | undefined): token is Token =>
    token !== undefined && (token.quoted || !/^(_|loop_$|data_|save_|stop_$|global_$)/i.test(token.text));
  const start = tokens.findIndex((token) => isWord(token, /^data_/i));
  if (start < 0) fail(who, "found no data block (data_...); is this a CIF file?", "invalid-data");
  const values = new Map<string, string>();
  const columns = new Map<string, string[]>();
  let at = start + 1;
  while (at < tokens.length && !isWord(tokens[at]!, /^data_/i)) {
    const token = tokens[at]!;
    if (isWord(token, /^loop_$/i)) {
      at++;
      const names: string[] = [];
      while (at < tokens.length && isWord(tokens[at]!, /^_/)) names.push(tokens[at++]!.text.toLowerCase());
      const found: string[] = [];
      while (isValue(tokens[at])) found.push(tokens[at++]!.text);
      if (names.length === 0 || found.length % names.length !== 0) {
        fail(
          who,
          `a loop of ${names.length} names (${names[0] ?? "none"} ...) has ${found.length} values, which are no whole rows.`,
          "invalid-data",
        );
      }
      for (const [i, name] of names.entries())
        columns.set(
          name,
          found.filter((_, place) => place % names.length === i),
        );
    } else if (isWord(token, /^_/)) {
      const value = tokens[at + 1];
      if (!isValue(value)) fail(who, `${token.text} has no value.`, "invalid-data");
      values.set(token.text.toLowerCase(), value.text);
      at += 2;
    } else {
      fail(who, `found "${token.text}" where a name (_...) or loop_ is expected.`, "invalid-data");
    }
  }
  return { name: tokens[start]!.text.slice("data_".length), values, columns };
}
