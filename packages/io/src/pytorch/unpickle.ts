// A machine for the pickles that torch.save writes: protocol 2, no more opcodes than states of models need, no globals but those given.
// It calls nothing of the host's: what a global makes is looked up in the list. Work and memory are bounded by the length of the pickle.
// Source: Python 3, Lib/pickletools.py; PyTorch 2.13, torch/_weights_only_unpickler.py
import { describeValue, Global, type Refusals, Tuple, Unread } from "./values.ts";

/** What a pickle may use. */
export interface PickleContext extends Refusals {
  readonly globals: ReadonlyMap<string, Global>;
  /** What a reference to a storage stands for. */
  readonly storageOf: (reference: readonly unknown[]) => unknown;
}

/** Lists, dictionaries, tuples and calls of one pickle. */
const mostObjects = 2 ** 19;

/** The value of a pickle. */
export function unpickle(bytes: Uint8Array, { globals, storageOf, damaged, refuse }: PickleContext): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const stack: unknown[] = [];
  const marks: number[] = [];
  const memo: unknown[] = [];
  let at = 0;
  let objects = 0;

  /** The place of the next `count` bytes. */
  const take = (count: number): number => {
    if (count > bytes.length - at) damaged("its pickle ends in the middle of a value");
    at += count;
    return at - count;
  };
  const text = (count: number): string => {
    const from = take(count);
    try {
      return utf8.decode(bytes.subarray(from, from + count));
    } catch {
      return damaged("its pickle holds text that is no UTF-8");
    }
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0) damaged("its pickle ends in the middle of a name");
    const found = text(end - at);
    at++;
    return found;
  };
  const floor = () => marks.at(-1) ?? 0;
  const pop = (): unknown => (stack.length > floor() ? stack.pop() : damaged("its pickle takes what is not there"));
  const top = (): unknown =>
    stack.length > floor() ? stack[stack.length - 1] : damaged("its pickle takes what is not there");
  const popMark = (): unknown[] => stack.splice(marks.pop() ?? damaged("its pickle takes what is not there"));
  const push = (value: unknown): void => {
    stack.push(value);
  };
  const make = (value: unknown): void => {
    if (++objects > mostObjects) refuse(`has more than ${mostObjects} objects in its pickle`);
    push(value);
  };
  const remember = (index: number): void => {
    // Python counts them up.
    if (index > memo.length) damaged("its pickle stores a value out of order");
    memo[index] = top();
  };
  const recall = (index: number): void =>
    push(index < memo.length ? memo[index] : damaged("its pickle refers to what it has not stored"));
  const append = (items: readonly unknown[]): void => {
    const list = top();
    if (!Array.isArray(list)) damaged(`its pickle appends to ${describeValue(list)}`);
    for (const item of items) (list as unknown[]).push(item);
  };
  const set = (items: readonly unknown[]): void => {
    const map = top();
    if (!(map instanceof Map)) damaged(`its pickle sets an item of ${describeValue(map)}`);
    if (items.length % 2 !== 0) damaged("its pickle has a key without a value");
    for (let i = 0; i < items.length; i += 2) (map as Map<unknown, unknown>).set(items[i], items[i + 1]);
  };
  const tuple = (count: number): void => {
    const items = Array.from({ length: count }, pop).reverse();
    make(new Tuple(items));
  };

  const operations: Readonly<Record<number, () => void>> = {
    [code("N")]: () => push(null),
    [code("\x88")]: () => push(true),
    [code("\x89")]: () => push(false),
    [code("J")]: () => push(view.getInt32(take(4), true)),
    [code("K")]: () => push(view.getUint8(take(1))),
    [code("M")]: () => push(view.getUint16(take(2), true)),
    [code("G")]: () => push(view.getFloat64(take(8))),
    [code("\x8a")]: () => {
      const count = view.getUint8(take(1));
      const from = take(count);
      push(wholeNumber(bytes.subarray(from, from + count)));
    },
    [code("X")]: () => push(text(view.getUint32(take(4), true))),
    [code("U")]: () => push(text(view.getUint8(take(1)))),
    [code("(")]: () => {
      marks.push(stack.length);
    },
    [code(")")]: () => make(new Tuple([])),
    [code("\x85")]: () => tuple(1),
    [code("\x86")]: () => tuple(2),
    [code("\x87")]: () => tuple(3),
    [code("t")]: () => make(new Tuple(popMark())),
    [code("]")]: () => make([]),
    [code("}")]: () => make(new Map()),
    [code("a")]: () => append([pop()]),
    [code("e")]: () => append(popMark()),
    [code("s")]: () => set([pop(), pop()].reverse()),
    [code("u")]: () => set(popMark()),
    [code("q")]: () => remember(view.getUint8(take(1))),
    [code("r")]: () => remember(view.getUint32(take(4), true)),
    [code("h")]: () => recall(view.getUint8(take(1))),
    [code("j")]: () => recall(view.getUint32(take(4), true)),
    [code("c")]: () => {
      const name = `${line()}.${line()}`;
      const shown = name.length > 100 ? `${name.slice(0, 97)}...` : name;
      push(globals.get(name) ?? refuse(`asks for ${/^[\w.]+$/.test(shown) ? shown : JSON.stringify(shown)}`));
    },
    [code("R")]: () => {
      const args = pop();
      const callee = pop();
      if (!(callee instanceof Global && callee.call !== undefined && args instanceof Tuple)) {
        return damaged(`its pickle calls ${describeValue(callee)} with ${describeValue(args)}`);
      }
      make(callee.call(args.items));
    },
    // Attributes of a dictionary, such as the versions of modules, are not weights.
    [code("b")]: () => {
      pop();
      const target = top();
      if (!(target instanceof Map || target instanceof Unread)) {
        damaged(`its pickle sets attributes of ${describeValue(target)}`);
      }
    },
    [code("Q")]: () => {
      const reference = pop();
      make(reference instanceof Tuple ? storageOf(reference.items) : damaged("its pickle refers to no storage"));
    },
  };

  if (bytes[take(2)] !== 0x80) damaged("its pickle does not start as one");
  if (bytes[1] !== 2) refuse(`has a pickle of protocol ${bytes[1]}, where torch.save writes 2`);
  for (;;) {
    const start = take(1);
    const operation = bytes[start]!;
    if (operation === code(".")) {
      const value = pop();
      if (stack.length > 0 || marks.length > 0 || at < bytes.length) damaged("its pickle does not end where it says");
      return value;
    }
    const run = operations[operation];
    if (run === undefined)
      refuse(`has the opcode 0x${operation.toString(16).padStart(2, "0")} at byte ${start} of its pickle`);
    else run();
  }
}

const code = (character: string): number => character.charCodeAt(0);

/** A whole number in two's complement, the lowest byte first; a bigint where a number does not hold it. */
function wholeNumber(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  value = BigInt.asIntN(8 * bytes.length, value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
