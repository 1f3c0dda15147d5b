// Elementwise nodes computed for one element, or for four that lie side by side, and what is stored of them.
import { collapse, type Elementwise, type Nest, type Plan, type View } from "@hooke/plan";
import { stridesOf, type Value } from "@hooke/runtime";
import { evaluate, readViews } from "./body.ts";
import { startOf, vectorAt, wordAt } from "./halves.ts";
import { moved } from "./nest.ts";
import { isAligned } from "./pointer.ts";
import type { Printer } from "./printer.ts";
import { type Text, toWord } from "./text.ts";

const four = [0, 1, 2, 3];

export class Elements {
  /** The sizes to go through: dimensions that all arrays cross in step are one. */
  readonly sizes: readonly number[];
  /** Whether four neighbours of every array are a vector, or of what is read one number. */
  readonly isInFours: boolean;
  private readonly printer: Printer;
  private readonly plan: Plan;
  private readonly body: Elementwise;
  private readonly made: Value | undefined;
  private readonly results: readonly Value[];
  private readonly reads: readonly View[];
  /** Of what is read, then of what is written. */
  private readonly strides: Nest["strides"];

  /** @param made what the kernel has made itself: its elements are given rather than read */
  constructor(printer: Printer, plan: Plan, body: Elementwise, made?: Value) {
    this.printer = printer;
    this.plan = plan;
    this.body = body;
    this.made = made;
    this.results = body.stores.map(({ value }) => value);
    this.reads = readViews(plan, body.nodes, this.results, made);
    const views = [...this.reads, ...body.stores.map(({ target }) => target)];
    const { sizes, strides } = collapse(
      body.shape,
      // What is made may have another shape, and the same order.
      views.map((view) => (view.root === made ? stridesOf(body.shape) : view.strides)),
    );
    this.sizes = sizes;
    this.strides = strides;
    this.isInFours =
      (sizes.at(-1) ?? 1) % 4 === 0 &&
      views.every((view, i) => {
        const own = strides[i]!;
        const last = own.at(-1);
        const isOne = last === 0 && i < this.reads.length;
        return (
          isOne || (last === 1 && isAligned(printer.view(view), view.packed ? view.offset : 0, ...own.slice(0, -1)))
        );
      });
  }

  /** Adds code for the element at some indices. @param given what the kernel has made there */
  one(text: Text, names: readonly string[], given?: string): void {
    const values = this.evaluate(text, given, (view) =>
      wordAt(text, this.printer, view, this.address(text, view, names)),
    );
    for (const [i, { value, target }] of this.body.stores.entries()) {
      text.add(
        `memory[${this.addressOf(text, target, this.reads.length + i, names)}] = ${toWord(value.dtype, values[i]!)};`,
      );
    }
  }

  /** Adds code for four elements from some indices on, the last of which is a multiple of four. @param given the vector of what the kernel has made there */
  four(text: Text, names: readonly string[], given?: string): void {
    const words = new Map(
      this.reads.map((view, i) => {
        const isVector = this.strides[i]!.at(-1) === 1;
        const address = this.address(text, view, names);
        const words = (isVector ? vectorAt : wordAt)(text, this.printer, view, address);
        return [view, { isVector, name: text.define(words, "w") }];
      }),
    );
    const values = four.map((c) =>
      this.evaluate(text, given && `${given}[${c}]`, (view) => {
        const { isVector, name } = words.get(view)!;
        return isVector ? `${name}[${c}]` : name;
      }),
    );
    for (const [i, { value, target }] of this.body.stores.entries()) {
      const own = values.map((each) => toWord(value.dtype, each[i]!));
      const address = this.addressOf(text, target, this.reads.length + i, names);
      text.add(`${text.vector(address)} = vec4<u32>(${own.join(", ")});`);
    }
  }

  private evaluate(text: Text, given: string | undefined, word: (view: View) => string): string[] {
    const made = this.made && given ? ([this.made, given] as const) : undefined;
    return evaluate(text, this.plan, this.body.nodes, this.results, word, made);
  }

  private address(text: Text, view: View, names: readonly string[]): string {
    return this.addressOf(text, view, this.reads.indexOf(view), names);
  }

  private addressOf(text: Text, view: View, i: number, names: readonly string[]): string {
    return moved(startOf(text, this.printer, view), names, this.strides[i]!);
  }
}
