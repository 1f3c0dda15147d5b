/**
 * What is worth its time in large programs alone: arrays computed twice rather than written and read, and memory placed in several orders.
 *
 * @packageDocumentation
 */
export { duplicateCheap } from "./duplicate.ts";
export { type Need, placeInGaps, type Room, type Rooms } from "./gaps.ts";
export { placeTightly } from "./tight.ts";
