// How the bits of an attribute's numbers are laid out: attributes are messages of an object's header, or, where they are many, lie in a heap.
// Source: The HDF Group, HDF5 File Format Specification, version 3.0, sections III.G (fractal heap), IV.A.2.m (attribute), IV.A.2.v
// (attribute info).
import { Hdf5Bytes } from "./hdf5-bytes.ts";
import { layoutOf, messagesOf, type NumberLayout } from "./number-layout.ts";

const attribute = 12;
const attributeInfo = 21;

/**
 * The layout of an attribute's numbers.
 *
 * @param address of its object, as a reference to it holds it
 * @returns undefined where it cannot be found, or the datatype is none of numbers
 */
export function attributeLayout(bytes: Uint8Array, address: number, name: string): NumberLayout | undefined {
  const file = new Hdf5Bytes(bytes);
  const ended = new TextEncoder().encode(`${name}\0`);
  for (const { type, at } of messagesOf(file, file.base + address)) {
    if (type === attribute) {
      const found = layoutIn(file, at, ended);
      if (found !== undefined) return found;
    } else if (type === attributeInfo) {
      const found = layoutInHeap(file, file.place(at + 2 + ((file.number(at + 1, 1) ?? 0) & 1 ? 2 : 0)), ended);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The layout in the attribute message at a place; undefined where none of this name is there. */
function layoutIn(file: Hdf5Bytes, at: number, name: Uint8Array): NumberLayout | undefined {
  const version = file.number(at, 1) ?? 0;
  const nameAt = at + (version === 3 ? 9 : 8);
  if (version < 1 || version > 3 || file.number(at + 2, 2) !== name.length || !file.has(nameAt, name)) return undefined;
  // The first version fills up to eights.
  const length = version === 1 ? Math.ceil(name.length / 8) * 8 : name.length;
  const isShared = version > 1 && ((file.number(at + 1, 1) ?? 0) & 1) !== 0;
  return layoutOf(file, nameAt + length, isShared);
}

/** The most bytes that a heap of attributes is believed to have. */
const mostBytes = 2 ** 22;

/** The layout in a heap of attributes, whose messages are looked for by the name: an index would lead to them, in more steps. */
function layoutInHeap(file: Hdf5Bytes, heap: number, name: Uint8Array): NumberLayout | undefined {
  if (file.number(heap, 4) !== 0x50485246) return undefined;
  const { addressSize, lengthSize } = file;
  const at = heap + 14 + 10 * lengthSize + 2 * addressSize;
  const width = file.number(at, 2) ?? 0;
  const smallest = file.number(at + 2, lengthSize) ?? 0;
  const largest = file.number(at + 2 + lengthSize, lengthSize) ?? 0;
  const offsetSize = Math.ceil((file.number(at + 2 + 2 * lengthSize, 2) ?? 0) / 8);
  const rootAt = at + 6 + 2 * lengthSize;
  const rows = file.number(rootAt + addressSize, 2) ?? 0;
  const root = file.place(rootAt);
  if (rows === 0) return layoutInBlock(file, root, smallest, name);
  const entries = root + 5 + addressSize + offsetSize;
  for (let i = 0, left = Math.min(file.length, mostBytes); i < rows * width; i++) {
    // Rows double in size from the third on.
    const size = smallest * 2 ** Math.max(Math.floor(i / width) - 1, 0);
    left -= size;
    if (size === 0 || size > largest || left < 0) break;
    const found = layoutInBlock(file, file.place(entries + i * addressSize), size, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function layoutInBlock(file: Hdf5Bytes, block: number, size: number, name: Uint8Array): NumberLayout | undefined {
  if (file.number(block, 4) !== 0x42444846) return undefined;
  const end = Math.min(block + size, file.length);
  for (let at = block + 5; at < end; at++) {
    const found = layoutIn(file, at, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
