// What a prepared program does, in order: kernel calls, work on the host, loops. Arrays live in numbered slots.
import type { DType, HostArray, Node, PrimitiveName, ScanParams, Shape } from "@hooke/runtime";
import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import type { Capabilities } from "./capabilities.ts";

/** Element types of tfjs. Its `bool` is stored as each engine likes. */
export type Kind = "float32" | "int32" | "bool";

/** The tfjs type that stores a dtype; `u32` is kept as the bit pattern of an `i32`. */
export const kindOf = (dtype: DType): Kind => (dtype === "f32" ? "float32" : dtype === "bool" ? "bool" : "int32");
/** The dtype of the same elements. */
export const dtypeOf = (kind: Kind): DType => (kind === "float32" ? "f32" : kind === "bool" ? "bool" : "i32");

/** An array on the device while planning: a slot read under a shape. Reshaping is another reference to the same slot. */
export interface Ref {
  readonly slot: number;
  readonly shape: Shape;
  readonly dtype: Kind;
  /** The value where it is one known number. */
  readonly scalar?: number;
}

/** Inputs of a kernel, as tfjs names them; a list where it takes any number. */
export type KernelInputs = Readonly<Record<string, Ref>> | readonly Ref[];

/** One call of a tfjs kernel. Backends that wrap this one may check its sizes when a program is prepared. */
export interface KernelCall {
  /** As tfjs registers it, e.g. `"BatchMatMul"`. */
  readonly kernel: string;
  readonly inputs: KernelInputs;
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly Ref[];
  /** What it is a part of. */
  readonly primitive: PrimitiveName;
}

/** What plans are made for. */
export interface Target {
  readonly name: string;
  readonly capabilities: Capabilities;
  has(kernel: string): boolean;
  checkCall(call: KernelCall): void;
}

/** Where a value is when a program runs. */
export type Held = { readonly where: "device"; readonly ref: Ref } | { readonly where: "host"; readonly slot: number };

/** A loop over a body that has its own plan. */
export interface Loop {
  readonly params: ScanParams;
  readonly body: Plan;
  readonly inputs: readonly Held[];
  readonly outputs: readonly Held[];
}

/** One step. After it, the slots of `release` are given back. */
export type Step = { readonly release: number[] } & (
  | { readonly kind: "kernel"; readonly call: KernelCall }
  /** Evaluates a node on host arrays. */
  | {
      readonly kind: "host";
      readonly node: Node;
      readonly inputs: readonly number[];
      readonly outputs: readonly number[];
    }
  /** Copies a host array to the device. */
  | { readonly kind: "upload"; readonly from: number; readonly to: Ref }
  | { readonly kind: "loop"; readonly loop: Loop }
);

/** A planned program. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Number of slots. */
  readonly slots: number;
  readonly inputs: readonly Held[];
  readonly outputs: readonly Held[];
  /** Arrays that stay on the device. */
  readonly constants: readonly { readonly to: Ref; readonly array: HostArray }[];
  /** Arrays that stay on the host. */
  readonly hostConstants: readonly { readonly slot: number; readonly array: HostArray }[];
}
