// What products need whose operands are large: packed blocks, dot products of long rows, and slabs of k.
export { blocked, blockedScratch } from "./blocked.ts";
export { dots } from "./dots.ts";
export { slabs, slabsScratch } from "./slabs.ts";
export { streamed, streamedScratch } from "./streamed.ts";
