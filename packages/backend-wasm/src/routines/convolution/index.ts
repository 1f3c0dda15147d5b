// Convolution and its two gradients: the code of each.
import { sizeOf } from "@hooke/runtime";
import { i32, memory } from "../../encoder/opcodes.ts";
import type { Routine } from "../routine.ts";
import { byPatches } from "./by-patches.ts";
import { type Convolution, geometryOf } from "./geometry.ts";
import { byTiles, inTiles } from "./winograd/index.ts";

export function emitConvolution(routine: Routine<Convolution>): void {
  const { emitter, node, output, fn } = routine;
  const geometry = geometryOf(node);
  const { size, images, patch, positions, filters } = geometry;
  if (images === 0 || positions === 0 || patch === 0 || filters === 0) {
    fn.emit(memory.fill(output, i32.const(0), i32.const(sizeOf(node.outputs[0]!.shape) * size)));
    return;
  }
  fn.emit(
    emitter.winograd && inTiles(node.primitive, geometry) ? byTiles(routine, geometry) : byPatches(routine, geometry),
  );
}
