// Sums of products over the steps of a loop, such as the gradient of a recurrent kernel, as one product after the loop, whose sum
// runs over steps and rows at once.
import { sizeOf } from "../array.ts";
import { reshape } from "../ops/structure.ts";
import type { NodeOf, Value } from "../program.ts";
import { emit } from "../record.ts";
import { Tensor } from "../tensor.ts";
import { dot } from "./dot.ts";

/** An operand in all steps: an array that the loop reads slices of, or the number of one that it writes. */
type Stack = Tensor | number;

/** Elements of one step. */
const elementsOf = (arrays: readonly Tensor[]): number =>
  arrays.reduce((sum, { shape }) => sum + sizeOf(shape.slice(1)), 0);

/** The constants of a loop whose cotangents are sums of products. */
export class SumsOfProducts {
  private readonly sums = new Map<number, readonly [left: Stack, right: Stack]>();
  private readonly arrays: readonly Tensor[];
  private slices: readonly Tensor[] = [];
  /** What a step writes: first what it was to write, then operands. */
  written: Tensor[] = [];
  /** Elements that a step may still write for products: then what is kept is at most twice what the loop reads. */
  private spare: number;

  /** @param arrays what the loop reads slices of */
  constructor(arrays: readonly Tensor[]) {
    this.arrays = arrays;
    this.spare = elementsOf(arrays);
  }

  /** @param slices those of the arrays; @param written what a step writes anyway */
  begin(slices: readonly Tensor[], written: readonly Tensor[]): void {
    this.slices = slices;
    this.written = [...written];
  }

  /**
   * Takes over what a step contributes to a constant's cotangent, if that is a product of matrices, and writing its operands in each step
   * is no more than adding to a sum of products.
   *
   * @param inside of the body that the contribution is recorded in
   */
  take(constant: number, contribution: Tensor, inside: Tensor): boolean {
    const { recorder, value, shape } = contribution;
    const node = recorder === inside.recorder ? recorder.producerOf(value) : undefined;
    if (node?.primitive !== "dot" || shape.length !== 2) return false;
    const { transposeA, transposeB } = (node as NodeOf<"dot">).params;
    if (!transposeA || transposeB) return false;
    const captured = new Set([...recorder.captures.values()].map(({ inner }) => inner.value));
    if (node.inputs.some((input) => captured.has(input))) return false;
    const fresh = [...new Set(node.inputs)].filter((input) => this.stackOf(input) === undefined);
    const elements = fresh.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    if (elements > Math.min(this.spare, sizeOf(shape))) return false;
    this.spare -= elements;
    this.written.push(...fresh.map((input) => new Tensor(input, recorder)));
    this.sums.set(constant, node.inputs.map((input) => this.stackOf(input)!) as [Stack, Stack]);
    return true;
  }

  private stackOf(value: Value): Stack | undefined {
    const read = this.slices.findIndex((slice) => slice.value === value);
    if (read >= 0) return this.arrays[read];
    const written = this.written.findIndex((each) => each.value === value);
    return written < 0 ? undefined : written;
  }

  /** The sum over all steps. @param ys what the loop wrote */
  sum(constant: number, ys: readonly Tensor[]): Tensor | undefined {
    const operands = this.sums.get(constant)?.map((stack) => {
      const array = typeof stack === "number" ? ys[stack]! : stack;
      const [steps, rows, columns] = array.shape as [number, number, number];
      return reshape(array, [steps * rows, columns]);
    });
    return operands && emit(dot, "dot", operands, { transposeA: true, transposeB: false })[0];
  }
}
