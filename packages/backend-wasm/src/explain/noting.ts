// What the backend and its emitter note for those who explain: into how many pieces kernels are divided, and which convolutions go in tiles.
import type { Kernel } from "@hooke/plan";
import type { Notes, WayOf } from "@hooke/plan/explain";
import type { Executable, Node, PrepareOptions, PrimitiveName, Program } from "@hooke/runtime";
import { WasmBackend } from "../backend.ts";
import { Emitter, type Together } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import type { Products } from "../routines/convolution/index.ts";

/** The products of a convolution, given whether it may go in tiles, that does not take those of its definition; undefined of other nodes. */
export type ProductsOf = (node: Node, winograd: boolean) => Products | undefined;

export class NotingEmitter extends Emitter implements Notes {
  /** Of divided kernels: where they are computed in several turns, of the one with the most. */
  readonly divided = new Map<Kernel, number>();
  readonly productsOf: (node: Node) => Products | undefined;
  readonly wayOf: WayOf = (kernel) =>
    kernel.kind === "routine" && this.productsOf(kernel.node)?.inTiles ? "in tiles" : undefined;

  constructor(productsOf: ProductsOf, ...given: ConstructorParameters<typeof Emitter>) {
    super(...given);
    this.productsOf = (node) => productsOf(node, this.winograd);
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

  protected readonly productsOf: ProductsOf = (node, winograd) =>
    isConvolution(node) ? this.convolution!.productsOf(node, winograd) : undefined;

  override async prepare(program: Program, options?: PrepareOptions): Promise<Executable> {
    this.convolution ??= await import("../routines/convolution/index.ts");
    return super.prepare(program, options);
  }

  protected override emitter(...given: ConstructorParameters<typeof Emitter>): Emitter {
    return new NotingEmitter(this.productsOf, ...given);
  }
}
