// What products need whose operands are large: packed blocks, and slabs of long ones.
export { blocked, blockedScratch } from "./blocked.ts";
export { slabs, slabsScratch } from "./slabs.ts";
