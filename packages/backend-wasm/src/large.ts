// What only large programs need: products in blocks, and kernels in pieces. Loaded with the first of them.
import { duplicateCheap as duplicate } from "@hooke/plan/large";
import type { Program } from "@hooke/runtime";

export { placeTightly } from "@hooke/plan/large";
export { needsOf } from "./codegen/needs.ts";
export { Rooms } from "./codegen/rooms.ts";
export { countable } from "./dividing/countable.ts";
export { emitBlocks } from "./dividing/emit-blocks.ts";
export { dividedLoops, dividedReduction } from "./dividing/loops.ts";
export { emitPanelsOfLoop } from "./dividing/panels.ts";
export { dividedProduct } from "./dividing/products.ts";
export { dividing } from "./dividing/stages.ts";
export { dividedWords } from "./dividing/words.ts";
export * from "./gemm/large.ts";

/** See `@hooke/plan/large`: a cache keeps arrays of fewer than 8 MiB. */
export const duplicateCheap = (program: Program): Program => duplicate(program, 8 << 20);
