// What a pickle may hold here: plain data, and descriptions of tensors. Nothing in it can be called but by name from the list of globals.
import type { StoredName } from "../stored-array.ts";

/** What says why a file is not read, and throws. */
export interface Refusals {
  /** A file that torch.save has not written. */
  readonly damaged: (what: string) => never;
  /** What a sound file may hold, and is not read here. */
  readonly refuse: (what: string) => never;
}

/** A tensor as the pickle describes it: a view of a storage, checked to lie inside it. */
export class TensorView {
  readonly storage: Storage;
  readonly dtype: ElementType;
  /** In elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];

  constructor(
    storage: Storage,
    dtype: ElementType,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** The bytes that tensors are views of. */
export class Storage {
  readonly bytes: Uint8Array;
  /** Undefined where the tensors say it. */
  readonly dtype: ElementType | undefined;

  constructor(bytes: Uint8Array, dtype: ElementType | undefined) {
    this.bytes = bytes;
    this.dtype = dtype;
  }
}

/** The type of a storage's elements: `stored` is undefined for those that have no array here, such as complex numbers. */
export interface ElementType {
  /** As PyTorch calls it. */
  readonly name: string;
  /** Bytes of an element. */
  readonly size: number;
  readonly stored: StoredName | undefined;
}

/** A global that a pickle may name: `call` is what it makes of arguments, undefined where it is only named. */
export class Global {
  readonly name: string;
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;
  readonly dtype: ElementType | undefined;

  constructor(name: string, call?: (args: readonly unknown[]) => unknown, dtype?: ElementType) {
    this.name = name;
    this.call = call;
    this.dtype = dtype;
  }
}

/** A tuple; lists are arrays, and dictionaries are maps. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** What is of no use here, such as a device or a set: only that it is there. */
export class Unread {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** What a value is, for messages. */
export function describeValue(value: unknown): string {
  if (value instanceof TensorView) return `a tensor of shape [${value.shape.join(", ")}]`;
  if (value instanceof Map) return "a dictionary";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Tuple) return "a tuple";
  if (value instanceof Storage) return "a storage";
  if (value instanceof Global) return value.name;
  if (value instanceof Unread) return value.what;
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  return value === null ? "None" : String(value);
}
