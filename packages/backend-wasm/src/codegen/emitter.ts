// What every code generator of one program shares: the module, its libraries of functions, and where arrays lie.
import type { FinalCopy, Kernel, Layout, Operand, Place, Plan, ScanBody, View } from "@hooke/plan";
import { byteSize, type Node, type Value } from "@hooke/runtime";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, codeOf, global, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { Constants } from "../math/constants.ts";
import type { MathName } from "../math/functions.ts";
import type { FloatType } from "../math/lanes.ts";
import { MathLibrary } from "../math/library.ts";
import type { IntegerFunction } from "./elementwise.ts";
import type { Generators } from "./generators.ts";
import { addInteger } from "./integer.ts";
import { sizeOfElement } from "./vector.ts";

/** The parameter of functions that work in memory of the thread's own: its address. */
export const ownMemory = 0;

/** Code of the address that offsets of a place's memory are added to, known or not. */
const startOf = ({ own }: Place): Code => (own ? local.get(ownMemory) : i32.const(0));
const plusBytes = (address: Code, bytes: number): Code => (bytes === 0 ? address : i32.add(address, i32.const(bytes)));

/** Kernels of one stage, or steps of a loop side by side. */
export type Together = readonly Kernel[] | ScanBody;

/** How code is written. */
export interface EmitterOptions {
  /** Whether the engine has relaxed SIMD. */
  readonly relaxed: boolean;
  /** Whether it joins pairs of neighbouring vectors into one of 256 bits. */
  readonly wide: boolean;
  /** Whether convolutions may be computed in tiles. */
  readonly winograd: boolean;
  /** What is divided into pieces, and how small these are, over what is worth it: 1, except in tests, which divide everything. */
  readonly fineness: number;
}

/** A block of kernels that are computed block by block: its number. */
export interface Block {
  readonly count: number;
  readonly piece: Code;
}

export class Emitter implements EmitterOptions {
  readonly module: ModuleBuilder;
  readonly relaxed: boolean;
  readonly wide: boolean;
  readonly winograd: boolean;
  readonly fineness: number;
  /** What writes the code of primitives. It receives the emitter in turn, so the types of both go in a circle; no values do. */
  readonly generators: Generators;
  readonly math: MathLibrary;
  readonly layout: Layout;
  /** Which kernel each function is the code of, by its index; the last one's code is being written. */
  readonly kernels = new Map<number, Kernel>();
  private readonly workspace: number;
  /** The global with the address of the memory of the thread. */
  private readonly threadGlobal: number;
  /** Whether kernels are not divided now, since they are pieces themselves, or within one. */
  whole = false;
  /** Of how many blocks which one the kernels compute whose code is being written. */
  block: Block | undefined;
  /** Products whose right operand is copied to panels before them, of what width, and where these are. */
  readonly panels = new Map<Node, { readonly pointer: Code; readonly width: number }>();
  /** Where kernels have what they need for themselves; in small programs it is behind the arrays of the thread. */
  readonly rooms: InstanceType<NonNullable<Generators["large"]>["Rooms"]> | undefined;
  /** Loops that share functions, in long programs. */
  readonly alike: InstanceType<NonNullable<Generators["AlikeLoops"]>> | undefined;
  /** The most bytes that a kernel needs there. */
  scratchBytes = 0;
  /** The function `(task, count)` that has all pieces of a task computed; its code is written when all else is. None where nothing is divided. */
  distributor: FunctionBuilder | undefined;
  /** Called when the first kernel is divided. */
  begunDividing: () => void = () => {};

  /**
   * @param generators what the program needs
   * @param workspace the address of the workspace that `layout` describes
   * @param roomSlot the offset of a word for `rooms`
   * @param alike see there
   */
  constructor(
    module: ModuleBuilder,
    { relaxed, wide, winograd, fineness }: EmitterOptions,
    generators: Generators,
    layout: Layout,
    workspace: number,
    roomSlot: number,
    alike: Emitter["alike"],
  ) {
    this.module = module;
    this.threadGlobal = module.exportGlobal("own");
    this.relaxed = relaxed;
    this.wide = wide;
    this.winograd = winograd;
    this.fineness = fineness;
    this.generators = generators;
    this.math = new MathLibrary(module, relaxed, generators.math);
    this.layout = layout;
    this.workspace = workspace;
    this.alike = alike;
    this.rooms = generators.large && new generators.large.Rooms(this, roomSlot);
  }

  /** The part of a place's address that is known when the code is generated: all of it, where the memory is no thread's own. */
  fixedAddress({ kind, offset, own }: Place, bytes = 0): number {
    return kind === "parameter" ? bytes : (own ? 0 : this.workspace) + offset + bytes;
  }

  /** Code of the address of a place; a pointer is loaded from its slot each time the code runs. */
  pointer(place: Place, bytes = 0): Code {
    if (place.kind === "slot") return plusBytes(i32.load(startOf(place), this.fixedAddress(place)), bytes);
    if (place.kind === "parameter") return plusBytes(local.get(place.offset), bytes);
    const fixed = this.fixedAddress(place, bytes);
    return place.own ? plusBytes(startOf(place), fixed) : i32.const(fixed);
  }

  /** Code that has a slot point to an address. */
  setSlot(place: Place, pointer: Code): Code {
    return i32.store(startOf(place), pointer, this.fixedAddress(place));
  }

  /** The pointer of an element of a view: its first one, and so many steps of so many elements on. */
  within(plan: Plan, view: View, steps: Code, stride: number): Code {
    const size = sizeOfElement(view);
    return plus(this.pointer(plan.places.get(view.root)!, view.offset * size), [steps, stride * size]);
  }

  /** The pointer of a routine's operand. */
  operand(plan: Plan, { root, offset }: Operand): Code {
    return this.pointer(plan.places.get(root)!, offset * byteSize[root.dtype]);
  }

  output(plan: Plan, value: Value): Code {
    return this.pointer(plan.places.get(value)!);
  }

  /** The address of bytes that a routine, or a piece of it, may use until it ends: none in particular for none. */
  scratch(bytes: number): Code {
    return bytes === 0 ? i32.const(0) : this.scratchParts([bytes])[0]!;
  }

  /** The addresses of several parts of what a routine, or a piece of it, may use until it ends. */
  scratchParts(parts: readonly number[]): readonly Code[] {
    if (this.rooms) return this.rooms.scratch(parts);
    const starts: number[] = [];
    let end = this.layout.ownBytes;
    for (const bytes of parts) {
      starts.push(end);
      end += this.layout.aligned(bytes);
    }
    this.scratchBytes = Math.max(this.scratchBytes, end - this.layout.ownBytes);
    return starts.map((start) => plusBytes(this.threadMemory(), start));
  }

  /** The address of bytes that all pieces of a kernel share until it ends. */
  partials(bytes: number): Code {
    return this.rooms!.partials(bytes);
  }

  /** The address of the thread's memory: for arrays of its own, then for what kernels need. */
  threadMemory(): Code {
    return global.get(this.threadGlobal);
  }

  /**
   * Code that computes the pieces of a kernel, by any threads and in any order. They must not write what others read, and how many they are
   * must follow from shapes alone: then results do not depend on threads.
   *
   * @param build writes the function of one piece, given code of its number
   * @param _whole what runs whole kernels in its pieces: none where they are parts of one
   */
  pieces(count: number | Code, build: (fn: FunctionBuilder, piece: Code) => void, _whole?: Together): Code {
    const { module } = this;
    const fn = module.addFunction(["i32"]);
    build(fn, local.get(0));
    fn.seal();
    this.distributor ??= this.addDistributor();
    return call(this.distributor.index, i32.const(module.table.push(fn.index) - 1), codeOf(count));
  }

  /** Code that follows a kernel or a copy, for those who measure: none. */
  after(_done: Kernel | FinalCopy): Code {
    return [];
  }

  /** What `write` writes, with kernels whole if they are within a piece. */
  inPiece(piece: boolean, write: () => void): void {
    const before = this.whole;
    this.whole ||= piece;
    write();
    this.whole = before;
  }

  /** What `write` writes, with kernels of one block. */
  inBlock(block: Block, write: () => void): void {
    this.block = block;
    this.inPiece(true, write);
    this.block = undefined;
  }

  private addDistributor(): FunctionBuilder {
    this.begunDividing();
    const fn = this.module.addFunction(["i32", "i32"]);
    this.module.shared.set("pieces", fn.index);
    return fn;
  }

  /** The address of an offset of the workspace. */
  address(offset: number): number {
    return this.workspace + offset;
  }

  /** A function of integers on scalars. */
  integer(name: IntegerFunction, a: Code, b: Code): Code {
    return call(
      this.module.share(name, () => addInteger(this.module, name)),
      a,
      b,
    );
  }

  /**
   * A vector function: as code in place, with its constants in locals, where `constants` are given; as a call otherwise.
   */
  vectorMath(
    fn: FunctionBuilder,
    constants: Constants | undefined,
    name: MathName,
    dtype: FloatType,
    operands: readonly Code[],
  ): Code {
    if (constants === undefined) return call(this.math.function(name, dtype), ...operands);
    return this.math.inline(fn, name, dtype, operands, { constant: constants.get });
  }
}
