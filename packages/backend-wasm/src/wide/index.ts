// Vectors of 256 bits, loaded where they are asked for.
export { joinVectors } from "../engine/join.ts";
export { pairLoop } from "./pair-loop.ts";
export { type Reducing, reducing } from "./reducing.ts";
export { throughMemory } from "./through-memory.ts";
