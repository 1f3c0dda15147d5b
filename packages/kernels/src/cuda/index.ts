/**
 * Kernels in CUDA C++, and programs as the nodes of a CUDA graph.
 *
 * @packageDocumentation
 */
export { cuda, entry, options } from "./cuda.ts";
export { type GraphNode, nodesOf } from "./graph.ts";
