// What only large programs need: products in blocks, and kernels in pieces. Loaded with the first of them.
export { duplicateCheap, placeTightly } from "@hooke/plan/large";
export { Rooms } from "./codegen/rooms.ts";
export { dividedLoops, dividedReduction } from "./dividing/loops.ts";
export { dividedProduct } from "./dividing/products.ts";
export { dividing } from "./dividing/stages.ts";
export * from "./gemm/large.ts";
