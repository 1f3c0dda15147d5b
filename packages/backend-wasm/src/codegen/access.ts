// How one loop nest reads and writes an array: pointers that move with the outer loops, an offset that moves with the inner one.
import type { Plan, View } from "@hooke/plan";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, v128 } from "../encoder/opcodes.ts";
import { type Emitter, ownMemory } from "./emitter.ts";
import {
  type Lanes,
  loadLane,
  loadSplat,
  loadVector,
  type Stored,
  sizeOfElement,
  storeLane,
  storeVector,
} from "./vector.ts";

/** Bytes of an element, and how many places an offset in 4-byte units is shifted to count them. */
const inBytes = (offset: number, size: number): Code => {
  if (size === 4) return local.get(offset);
  return size === 8 ? i32.shl(local.get(offset), i32.const(1)) : i32.shr_u(local.get(offset), i32.const(3 - size));
};

export class Access {
  readonly view: View;
  /** In elements, one per dimension of the nest; the last is the inner loop's. */
  readonly strides: readonly number[];
  private readonly size: number;
  private readonly pointer: number | undefined;
  private readonly start: Code;
  private readonly fixedOffset: number;
  /** The local that holds the value while it does not change within the inner loop. */
  private invariant: number | undefined;
  private held: number | undefined;

  /** @param start the address of the first element, where the nest is a part of a larger one */
  constructor(emitter: Emitter, plan: Plan, fn: FunctionBuilder, view: View, strides: readonly number[], start?: Code) {
    this.view = view;
    this.strides = strides;
    this.size = sizeOfElement(view);
    const place = plan.places.get(view.root)!;
    const moves = strides.slice(0, -1).some((stride) => stride !== 0);
    // A constant offset is added to the address without wrapping around: the rest of the address must not be negative.
    if (start === undefined && place.kind !== "slot" && !moves && (strides.at(-1) ?? 0) >= 0) {
      this.pointer = place.kind === "parameter" ? place.offset : place.own ? ownMemory : undefined;
      this.start = [];
      this.fixedOffset = emitter.fixedAddress(place, view.offset * this.size);
    } else {
      this.pointer = fn.local("i32");
      this.start = local.set(this.pointer, start ?? emitter.pointer(place, view.offset * this.size));
      this.fixedOffset = 0;
    }
  }

  private get stored(): Stored {
    return this.view.packed ? "packed" : this.view.root.dtype;
  }

  private get innerStride(): number {
    return this.strides.at(-1) ?? 0;
  }

  /** Code before the nest. */
  begin(): Code {
    return this.start;
  }

  /** Code that moves the pointer by `steps` iterations of an outer dimension. */
  advance(dimension: number, steps: number): Code {
    const bytes = this.strides[dimension]! * steps * this.size;
    if (bytes === 0 || this.pointer === undefined) return [];
    return local.set(this.pointer, i32.add(local.get(this.pointer), i32.const(bytes)));
  }

  /** Code before the inner loop: loads what does not change in it. */
  enter(fn: FunctionBuilder, lanes: Lanes): Code {
    if (this.innerStride !== 0) return [];
    this.invariant ??= fn.ownLocal("v128");
    return local.set(this.invariant, loadSplat(this.stored, lanes, this.base(), this.fixedOffset));
  }

  private base(): Code {
    return this.pointer === undefined ? i32.const(0) : local.get(this.pointer);
  }

  /** Whether elements lie apart: vectors are gathered. */
  get isScattered(): boolean {
    return ![0, 1].includes(this.innerStride);
  }

  /** Whether vectors of it are 16 bytes side by side. */
  isDense(lanes: Lanes): boolean {
    return this.innerStride === 1 && this.size * lanes === 16;
  }

  /**
   * Code that keeps the address at the inner loop's offset, for all that is read and written until `letGo`: an engine that joins neighbouring vectors
   * takes them for such where the rest of their address is one value.
   */
  hold(fn: FunctionBuilder, offset: number): Code {
    if (this.innerStride !== 1) return [];
    const held = fn.local("i32");
    const code = local.set(held, this.at(offset));
    this.held = held;
    return code;
  }

  letGo(): void {
    this.held = undefined;
  }

  /** The address of the element at the inner loop's offset (a local, in 4-byte units). */
  private at(offset: number): Code {
    const { innerStride: stride, size } = this;
    if (this.held !== undefined) return local.get(this.held);
    const moved = stride === 1 ? inBytes(offset, size) : i32.mul(local.get(offset), i32.const((stride * size) / 4));
    // The offset counts 4 for each element, so bytes of narrow elements divide.
    const bytes =
      stride !== 1 && size < 4 ? i32.mul(i32.shr_u(local.get(offset), i32.const(2)), i32.const(stride * size)) : moved;
    return this.pointer === undefined ? bytes : i32.add(local.get(this.pointer), bytes);
  }

  /** Code that leaves `count` elements on the stack, from `ahead` elements behind the offset on. */
  load(fn: FunctionBuilder, lanes: Lanes, count: number, offset: number, ahead = 0): Code {
    const { innerStride: stride, stored, size, fixedOffset } = this;
    if (this.invariant !== undefined && stride === 0) return local.get(this.invariant);
    if (stride === 1) return loadVector(stored, lanes, this.at(offset), fixedOffset + ahead * size);
    const address = fn.local("i32");
    let vector: Code = v128.const(new Array(16).fill(0));
    for (let lane = 0; lane < count; lane++) {
      vector = loadLane(
        stored,
        lanes,
        lane,
        i32.add(local.get(address), i32.const((ahead + lane) * stride * size)),
        vector,
        fixedOffset,
      );
    }
    return [local.set(address, this.at(offset)), vector];
  }

  /** Code that writes `count` elements from a local, from `ahead` elements behind the offset on. */
  store(fn: FunctionBuilder, lanes: Lanes, count: number, offset: number, value: number, ahead = 0): Code {
    const { innerStride: stride, size, fixedOffset } = this;
    const { dtype } = this.view.root;
    const scratch = fn.local("v128");
    if (stride === 1) {
      const start = fixedOffset + ahead * size;
      return storeVector(dtype, lanes, count, this.at(offset), local.get(value), start, scratch);
    }
    const address = fn.local("i32");
    const stores: Code[] = [];
    for (let lane = 0; lane < count; lane++) {
      stores.push(
        storeLane(
          dtype,
          lanes,
          lane,
          i32.add(local.get(address), i32.const((ahead + lane) * stride * size)),
          value,
          fixedOffset,
          scratch,
        ),
      );
    }
    return [local.set(address, this.at(offset)), stores];
  }
}
