// The distinct cells of a column, each kept once: bytes in, a small number out.
import { fail } from "@hooke/runtime";

const encoder = /* @__PURE__ */ new TextEncoder();

/** Cells of a column by code. Cells that differ in the blanks around them alone have one code. */
export class Dictionary {
  /** Trimmed, by code. */
  readonly texts: string[] = [];
  #codes = new Map<string, number>();
  /** Open addressing: entry + 1 per slot, 0 where free. */
  #slots = new Int32Array(16);
  #count = 0;
  #starts: number[] = [];
  #ends: number[] = [];
  #entryCodes: number[] = [];
  #pool = new Uint8Array(64);
  #used = 0;

  /** The code of the cell `bytes[start, end)`. @throws on bytes that are not UTF-8 */
  code(bytes: Uint8Array, start: number, end: number, where: () => string): number {
    const length = end - start;
    const hash = hashOf(bytes, start, end);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1;
      if (entry < 0) break;
      const from = this.#starts[entry]!;
      if (this.#ends[entry]! - from !== length) continue;
      let at = 0;
      while (at < length && this.#pool[from + at] === bytes[start + at]) at++;
      if (at === length) return this.#entryCodes[entry]!;
    }
    return this.#add(bytes, start, end, hash, where);
  }

  /** The code of a text. */
  codeOfText(text: string): number {
    const bytes = encoder.encode(text);
    return this.code(bytes, 0, bytes.length, () => "");
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, where: () => string): number {
    const text = decodeCell(bytes, start, end, where).trim();
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.texts.length;
      this.texts.push(text);
      this.#codes.set(text, code);
    }
    const length = end - start;
    if (this.#used + length > this.#pool.length) {
      const larger = new Uint8Array(Math.max(2 * this.#pool.length, this.#used + length));
      larger.set(this.#pool.subarray(0, this.#used));
      this.#pool = larger;
    }
    this.#pool.set(bytes.subarray(start, end), this.#used);
    this.#starts.push(this.#used);
    this.#used += length;
    this.#ends.push(this.#used);
    this.#entryCodes.push(code);
    this.#count++;
    if (2 * this.#count > this.#slots.length) this.#grow();
    else this.#place(this.#count - 1, hash);
    return code;
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    for (let entry = 0; entry < this.#count; entry++) {
      this.#place(entry, hashOf(this.#pool, this.#starts[entry]!, this.#ends[entry]!));
    }
  }
}

/** FNV-1a, folded so that its low bits depend on all bytes. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of `bytes[start, end)`. @throws on bytes that are not UTF-8 */
export function decodeCell(bytes: Uint8Array, start: number, end: number, where: () => string): string {
  // Most cells are a few ASCII characters, for which a decoder costs more than the text.
  if (end - start < 24) {
    let text = "";
    let at = start;
    for (; at < end && bytes[at]! < 128; at++) text += String.fromCharCode(bytes[at]!);
    if (at === end) return text;
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return fail(
      where(),
      'the cell is not UTF-8 text; save the file as "CSV UTF-8", or decode it yourself (new TextDecoder("windows-1252"), say) ' +
        "and call parseCsv with the text.",
      "invalid-data",
    );
  }
}
