// The lowerings of all families.
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { linear } from "./linear.ts";
import { packing } from "./packing.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import { structure } from "./structure.ts";
import type { Lowerings } from "./table.ts";

/** How every primitive becomes kernel calls. */
export const lowerings: Lowerings = {
  ...elementwise,
  ...structure,
  ...reduction,
  ...linear,
  ...pooling,
  ...indexing,
  ...packing,
};

/** Whether operands may have dimensions of 1 where they repeat: the kernels repeat them. */
export const isElementwise = (primitive: string): boolean => Object.hasOwn(elementwise, primitive);
