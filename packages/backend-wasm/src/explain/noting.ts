// What the backend and its emitter note for those who explain: into how many pieces kernels are divided, and which convolutions go in tiles.
import type { Kernel } from "@hooke/plan";
import type { Notes, WayOf } from "@hooke/plan/explain";
import type { Executable, Node, PrepareOptions, PrimitiveName, Program } from "@hooke/runtime";
import { WasmBackend } from "../backend.ts";
import { Emitter, type Together } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";

/** The multiplications of a convolution that is computed in tiles; undefined of other nodes. */
export type TilesOf = (node: Node) => number | undefined;

export class NotingEmitter extends Emitter implements Notes {
  /** Of divided kernels: where they are computed in several turns, of the one with the most. */
  readonly divided = new Map<Kernel, number>();
  readonly tilesOf: TilesOf;
  readonly wayOf: WayOf = (kernel) =>
    kernel.kind === "routine" && this.tilesOf(kernel.node) !== undefined ? "in tiles" : undefined;

  constructor(tilesOf: TilesOf, ...given: ConstructorParameters<typeof Emitter>) {
    super(...given);
    this.tilesOf = (node) => (this.winograd ? tilesOf(node) : undefined);
  }

  override pieces(count: number | Code, build: (fn: FunctionBuilder, piece: Code) => void, whole?: Together): Code {
    const kernel = this.current;
    if (whole === undefined && kernel !== undefined && typeof count === "number") {
      this.divided.set(kernel, Math.max(count, this.divided.get(kernel) ?? 0));
    }
    return super.pieces(count, build, whole);
  }

  remarksOf(kernel: Kernel): readonly string[] {
    const pieces = this.divided.get(kernel);
    return pieces === undefined ? [] : [`${pieces} pieces`];
  }

  /** The kernel whose code is being written. */
  protected get current(): Kernel | undefined {
    return [...this.kernels.values()].at(-1);
  }
}

const convolutions: ReadonlySet<PrimitiveName> = new Set(["conv", "convInputGradient", "convKernelGradient"]);

/** Whether a node is a convolution or one of its gradients. */
const isConvolution = (
  node: Node,
): node is Extract<Node, { primitive: `conv${"" | "InputGradient" | "KernelGradient"}` }> =>
  convolutions.has(node.primitive);

/** A backend whose emitter notes. */
export class NotingBackend extends WasmBackend {
  private convolution: typeof import("../routines/convolution/index.ts") | undefined;

  protected readonly tilesOf: TilesOf = (node) => (isConvolution(node) ? this.convolution!.tilesOf(node) : undefined);

  override async prepare(program: Program, options?: PrepareOptions): Promise<Executable> {
    this.convolution ??= await import("../routines/convolution/index.ts");
    return super.prepare(program, options);
  }

  protected override emitter(...given: ConstructorParameters<typeof Emitter>): Emitter {
    return new NotingEmitter(this.tilesOf, ...given);
  }
}
