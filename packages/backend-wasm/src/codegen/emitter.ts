// What every code generator of one program shares: the module, its libraries of functions, and where arrays lie.
import { byteSize, type Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { call } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { Constants } from "../math/constants.ts";
import type { MathName } from "../math/functions.ts";
import type { FloatType } from "../math/lanes.ts";
import { MathLibrary } from "../math/library.ts";
import type { Kernel, Operand, Plan } from "../plan/kernel.ts";
import type { Layout, Place } from "../plan/layout.ts";
import type { IntegerFunction } from "./elementwise.ts";
import type { Generators } from "./generators.ts";
import { addInteger } from "./integer.ts";

export class Emitter {
  readonly module: ModuleBuilder;
  readonly relaxed: boolean;
  readonly generators: Generators;
  readonly math: MathLibrary;
  readonly layout: Layout;
  /** Which kernel each function is the code of, by its index. */
  readonly kernels = new Map<number, Kernel>();
  private readonly workspace: number;
  private readonly scratchSlot: number;
  /** The most bytes any routine wants for itself while it runs. */
  scratchBytes = 0;

  /**
   * @param generators what the program needs
   * @param workspace the address of the workspace that `layout` describes
   * @param scratchSlot the slot that will hold the address of `scratchBytes` bytes
   */
  constructor(
    module: ModuleBuilder,
    relaxed: boolean,
    generators: Generators,
    layout: Layout,
    workspace: number,
    scratchSlot: number,
  ) {
    this.scratchSlot = scratchSlot;
    this.module = module;
    this.relaxed = relaxed;
    this.generators = generators;
    this.math = new MathLibrary(module, relaxed, generators.math);
    this.layout = layout;
    this.workspace = workspace;
  }

  /** The address of a place in the workspace, known when the code is generated. */
  fixedAddress({ offset }: Extract<Place, { kind: "workspace" }>, bytes = 0): number {
    return this.workspace + offset + bytes;
  }

  /** Code of the address of a place; a pointer is loaded from its slot each time the code runs. */
  pointer(place: Place, bytes = 0): Code {
    if (place.kind === "workspace") return i32.const(this.fixedAddress(place, bytes));
    const base = i32.load(i32.const(0), this.slotAddress(place.slot));
    return bytes === 0 ? base : i32.add(base, i32.const(bytes));
  }

  /** The pointer of a routine's operand. */
  operand(plan: Plan, { root, offset }: Operand): Code {
    return this.pointer(plan.places.get(root)!, offset * byteSize[root.dtype]);
  }

  output(plan: Plan, value: Value): Code {
    return this.pointer(plan.places.get(value)!);
  }

  /** The address of bytes that a routine may use until it ends. */
  scratch(bytes: number): Code {
    this.scratchBytes = Math.max(this.scratchBytes, bytes);
    return i32.load(i32.const(0), this.slotAddress(this.scratchSlot));
  }

  slotAddress(slot: number): number {
    return this.workspace + this.layout.slotOffset(slot);
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
