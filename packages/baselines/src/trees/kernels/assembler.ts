// Just enough of WebAssembly's binary format for a few functions on one imported memory.

/** Bytes of instructions, nested as they were put together. */
export type Code = number | readonly Code[];

export const i32 = 0x7f;
export const f64 = 0x7c;
export const v128 = 0x7b;

/** An exported function: the types of its parameters, its result if it has one, and of its other locals, which follow the parameters. */
export interface KernelFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly result?: number;
  readonly locals: readonly number[];
  readonly body: Code;
}

const empty = 0x40;

/** Instructions, under their names in the specification. */
export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
export const integer = (value: number): Code => [0x41, signed(value)];
export const loop = (body: Code): Code => [0x03, empty, body, 0x0b];
export const block = (body: Code): Code => [0x02, empty, body, 0x0b];
export const when = (condition: Code, body: Code): Code => [condition, 0x04, empty, body, 0x0b];
/** To the end of a block, or the beginning of a loop, so many levels out. */
export const branch = (level: number): Code => [0x0c, level];
export const branchIf = (level: number, condition: Code): Code => [condition, 0x0d, level];

const binary =
  (...opcode: readonly number[]) =>
  (a: Code, b: Code): Code => [a, b, opcode];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

export const add = binary(0x6a);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const shiftLeft = binary(0x74);
export const shiftRight = binary(0x76);
export const isBelow = binary(0x49);
export const isEqual = binary(0x46);
export const subtract = binary(0x6b);
export const f64Add = binary(0xa0);
export const f64Less = binary(0x63);
export const f64Greater = binary(0x64);
export const f64NotLess = binary(0x66);
export const v128Add = binary(...simd(0xf0));
export const v128Subtract = binary(...simd(0xf1));
export const v128Multiply = binary(...simd(0xf2));
export const v128Divide = binary(...simd(0xf3));

export const leadingZeros = (word: Code): Code => [word, 0x67];
export const isZero = (word: Code): Code => [word, 0x45];

export const i32Load = (address: Code): Code => [address, 0x28, 2, 0];
export const i32Store = (address: Code, value: Code): Code => [address, value, 0x36, 2, 0];
export const byteLoad = (address: Code): Code => [address, 0x2d, 0, 0];
export const v128Load = (address: Code): Code => [address, simd(0x00), 3, 0];
export const v128Store = (address: Code, value: Code): Code => [address, value, simd(0x0b), 3, 0];
export const f64Store = (address: Code, value: Code): Code => [address, value, 0x39, 3, 0];
/** Both lanes the same. */
export const splat = (value: Code): Code => [value, simd(0x14)];
export const lane = (vector: Code, index: 0 | 1): Code => [vector, simd(0x21), index];
export const pair = (first: Code, second: Code): Code => [splat(first), second, simd(0x22), 1];
/** One lane of each of two vectors. */
export const lanes = (a: Code, b: Code, ofA: 0 | 1, ofB: 0 | 1): Code => [
  a,
  b,
  simd(0x0d),
  Array.from({ length: 8 }, (_, i) => 8 * ofA + i),
  Array.from({ length: 8 }, (_, i) => 16 + 8 * ofB + i),
];

/** A module that exports functions and imports its memory as `env.memory`. */
export function moduleOf(functions: readonly KernelFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    list(parameters),
    list(result === undefined ? [] : [result]),
  ]);
  const bodies = functions.map(({ locals, body }) => {
    const bytes = flat([list(locals.map((type) => [1, type])), body, 0x0b]);
    return [unsigned(bytes.length), bytes];
  });
  const exported = functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)]);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(types)),
      section(2, list([[text("env"), text("memory"), 0x02, 0x00, 0x01]])),
      section(3, list(functions.map((_, index) => unsigned(index)))),
      section(7, list(exported)),
      section(10, list(bodies)),
    ]),
  );
}

const flat = (code: Code): number[] => (typeof code === "number" ? [code] : code.flatMap(flat));
const list = (entries: readonly Code[]): Code => [unsigned(entries.length), entries];
const text = (name: string): Code => list(Array.from(name, (letter) => letter.charCodeAt(0)));
function section(id: number, content: Code): Code {
  const bytes = flat(content);
  return [id, unsigned(bytes.length), bytes];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
