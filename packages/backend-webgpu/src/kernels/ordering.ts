// Finding and ordering within the rows of a matrix. tfjs's ArgMax picks any of equal entries, its TopK gives arrays back twice.
import { helpers } from "./math.ts";
import { type Info, type Kernel, runProgram } from "./program.ts";

const orderOf = (x: Info, element: string): string => (x.dtype === "float32" ? `order(${element})` : element);

/** The first index of each row's maximum. */
const argMax: Kernel = (backend, [x]) => {
  const [rows, length] = x!.shape as [number, number];
  return runProgram(backend, [x!], [rows], "int32", {
    key: "argMax",
    helpers,
    before: `
      let start = index * uniforms.span;
      var best = 0;
      for (var i = 1; i < uniforms.span; i++) {
        if (${orderOf(x!, "A[start + i]")} > ${orderOf(x!, "A[start + best]")}) { best = i; }
      }`,
    value: "best",
    numbers: { span: [length] },
  });
};

/** Every entry counts those that come before it: the largest first, equal ones in their order. */
const rank = (x: Info) => ({
  helpers,
  before: `
    let start = index / uniforms.span * uniforms.span;
    let own = ${orderOf(x, "A[index]")};
    var rank = start;
    for (var i = start; i < start + uniforms.span; i++) {
      let other = ${orderOf(x, "A[i]")};
      rank += i32(other > own || (other == own && i < index));
    }`,
  place: "rank",
  numbers: { span: [x.shape[1]!] },
});

/** Each row from its largest entry to its smallest, and the indices that do so. There is no NaN among them. */
const sort: Kernel = (backend, [x]) => [
  runProgram(backend, [x!], x!.shape, x!.dtype, { ...rank(x!), key: "sort", value: "A[index]" }),
  runProgram(backend, [x!], x!.shape, "int32", { ...rank(x!), key: "order", value: "index - start" }),
];

export const ordering: Readonly<Record<string, Kernel>> = { ArgMax: argMax, TopK: sort };
