// Reductions and running sums of the rows of a matrix. tfjs's are right for f32 only; they also wait at barriers, which pays
// off only for long rows.
import { common } from "./common.ts";
import { helpers } from "./math.ts";
import { type Kernel, runProgram } from "./program.ts";

/** Rows up to this length are reduced by one thread each. */
const shortRow = 1024;

/** What `total` becomes with `next`, by type. */
type Steps = Readonly<Record<"float32" | "int32", string>>;

const extremum = (name: "max" | "min", operator: string): Steps => ({
  float32: `select(next, total, isnan(total) || (!isnan(next) && order(total) ${operator} order(next)))`,
  int32: `${name}(total, next)`,
});

const reduce =
  (kernel: string, steps: Steps): Kernel =>
  (backend, [x], attrs) => {
    const [rows, length] = x!.shape as [number, number];
    const isFloat = x!.dtype === "float32";
    if (isFloat && length > shortRow) return common(kernel, backend, { x: x! }, attrs);
    return runProgram(backend, [x!], [rows], x!.dtype, {
      key: `${kernel} of rows`,
      helpers,
      before: `
        let start = index * uniforms.span;
        var total = A[start];
        for (var i = start + 1; i < start + uniforms.span; i++) {
          let next = A[i];
          total = ${steps[isFloat ? "float32" : "int32"]};
        }`,
      value: "total",
      numbers: { span: [length] },
    });
  };

/** Whole numbers: each entry sums those up to itself. */
const cumulate: Kernel = (backend, [x], attrs) => {
  if (x!.dtype === "float32") return common("Cumsum", backend, { x: x! }, attrs);
  return runProgram(backend, [x!], x!.shape, x!.dtype, {
    key: "running sum",
    before: `
      var total = 0;
      for (var i = index / uniforms.span * uniforms.span; i <= index; i++) { total += A[i]; }`,
    value: "total",
    numbers: { span: [x!.shape[1]!] },
  });
};

const plus = "total + next";

export const reduction: Readonly<Record<string, Kernel>> = {
  Sum: reduce("Sum", { float32: plus, int32: plus }),
  Max: reduce("Max", extremum("max", ">=")),
  Min: reduce("Min", extremum("min", "<=")),
  Cumsum: cumulate,
};
