// The batched matrix product.
import { allocate, describe, sameShape, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { add } from "../ops/elementwise.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { needFloat, needInputs } from "./needs.ts";
import type { Rules } from "./rule.ts";

const dotOf = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  emit(dot, "dot", [a, b], { transposeA, transposeB })[0]!;

export const dot: Rules<"dot"> = {
  dot: {
    outputs(inputs, { transposeA, transposeB }) {
      needInputs("dot", inputs, 2);
      const [a, b] = inputs as [(typeof inputs)[number], (typeof inputs)[number]];
      needFloat("dot", a);
      const rank = a.shape.length;
      const wrong = (what: string): never =>
        fail(
          "dot",
          `received ${describe(a)}${transposeA ? "ᵀ" : ""} and ${describe(b)}${transposeB ? "ᵀ" : ""}; ${what}.`,
          "mismatch",
        );
      if (rank < 2 || b.shape.length !== rank || a.dtype !== b.dtype) wrong("ranks (2 or more) and dtypes must agree");
      if (!sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2))) wrong("leading axes must agree");
      const rows = a.shape[rank - (transposeA ? 1 : 2)]!;
      const inner = a.shape[rank - (transposeA ? 2 : 1)]!;
      const innerB = b.shape[rank - (transposeB ? 1 : 2)]!;
      if (inner !== innerB) wrong(`inner dimensions must agree, but are ${inner} and ${innerB}`);
      return [{ shape: [...a.shape.slice(0, -2), rows, b.shape[rank - (transposeB ? 2 : 1)]!], dtype: a.dtype }];
    },
    jvp([a, b], _, params, [da, db]) {
      const left = da === null ? null : emit(dot, "dot", [da!, b!], params)[0]!;
      const right = db === null ? null : emit(dot, "dot", [a!, db!], params)[0]!;
      return [left === null ? right : right === null ? left : add(left, right)];
    },
    transpose([ct], [a, b], _, { transposeA, transposeB }) {
      if (a === null) return [transposeA ? dotOf(b!, ct!, transposeB, true) : dotOf(ct!, b!, false, !transposeB), null];
      return [null, transposeB ? dotOf(ct!, a!, true, transposeA) : dotOf(a!, ct!, !transposeA, false)];
    },
    reference([a, b], { transposeA, transposeB }, [out]) {
      const { shape, dtype } = out!;
      const [rows, columns] = shape.slice(-2) as [number, number];
      const inner = a!.shape.at(transposeA ? -2 : -1)!;
      const data = allocate(dtype, sizeOf(shape));
      const batches = sizeOf(shape.slice(0, -2));
      for (let batch = 0; batch < batches; batch++) {
        const offsetA = batch * rows * inner;
        const offsetB = batch * inner * columns;
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let total = 0;
            for (let k = 0; k < inner; k++) {
              const left = a!.data[offsetA + (transposeA ? k * rows + i : i * inner + k)]!;
              total += left * b!.data[offsetB + (transposeB ? j * inner + k : k * columns + j)]!;
            }
            data[(batch * rows + i) * columns + j] = total;
          }
        }
      }
      return [{ shape, dtype, data }];
    },
  },
};
