// Kernels: how alike two rows are, by the scaled distance between them. Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, 4.2.
import { add, exp, mul, type Tensor } from "@hooke/runtime";

/** The names of the kernels. */
export type KernelName = "matern52" | "matern32" | "rbf";

/** Of two rows, 1 where they are the same. */
interface Kernel {
  /** Recorded: of scaled distances `r` and their squares. */
  readonly recorded: (r: Tensor, square: Tensor) => Tensor;
  /** The same of numbers. */
  readonly number: (square: number) => number;
}

const [root3, root5] = [Math.sqrt(3), Math.sqrt(5)];

export const kernels: Readonly<Record<KernelName, Kernel>> = {
  matern52: {
    recorded: (r, square) => mul(add(add(mul(r, root5), 1), mul(square, 5 / 3)), exp(mul(r, -root5))),
    number: (square) => {
      const r = Math.sqrt(square);
      return (1 + root5 * r + (5 / 3) * square) * Math.exp(-root5 * r);
    },
  },
  matern32: {
    recorded: (r) => mul(add(mul(r, root3), 1), exp(mul(r, -root3))),
    number: (square) => {
      const r = Math.sqrt(square);
      return (1 + root3 * r) * Math.exp(-root3 * r);
    },
  },
  rbf: {
    recorded: (_, square) => exp(mul(square, -0.5)),
    number: (square) => Math.exp(-0.5 * square),
  },
};
