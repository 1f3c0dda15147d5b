// Random words in pieces: each begins with a block of its own.
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { inPieces, piecesOf } from "./grain.ts";

/** The work of a random word, in multiplications with addition. */
const workOfWord = 48;
/** Words that are computed at a time. */
const together = 8;

/** Code of all words in pieces; undefined where that is not worth it. @param part code of so many words from one on */
export function dividedWords(
  emitter: Emitter,
  words: number,
  part: (count: number, first: Code) => Code,
): Code | undefined {
  const pieces = piecesOf(emitter, workOfWord * words, words / together);
  if (pieces === 1) return undefined;
  const each = Math.ceil(words / pieces / together) * together;
  return inPieces(emitter, words, each, (_fn, count, first) => part(count, first));
}
