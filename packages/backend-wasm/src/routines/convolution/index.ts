// Convolution and its two gradients: the code of each.
import { sizeOf } from "@hooke/runtime";
import { i32, memory } from "../../encoder/opcodes.ts";
import type { Routine } from "../routine.ts";
import { byChannels, isByChannels, productsByChannels } from "./by-channels.ts";
import { byLines, isByLines } from "./by-lines.ts";
import { byPatches } from "./by-patches.ts";
import { depthwise, isDepthwise } from "./depthwise.ts";
import { type Convolution, geometryOf } from "./geometry.ts";
import { byTiles, tilingOf, workOf } from "./winograd/index.ts";

export function emitConvolution(routine: Routine<Convolution>): void {
  const { emitter, node, output, fn } = routine;
  const geometry = geometryOf(node);
  const { size, images, patch, positions, filters } = geometry;
  if (images === 0 || positions === 0 || patch === 0 || filters === 0) {
    fn.emit(memory.fill(output, i32.const(0), i32.const(sizeOf(node.outputs[0]!.shape) * size)));
    return;
  }
  const tiling = emitter.winograd ? tilingOf(node.primitive, geometry) : undefined;
  if (tiling) {
    fn.emit(byTiles(routine, geometry, tiling));
    return;
  }
  const code = isDepthwise(geometry)
    ? depthwise
    : isByChannels(geometry)
      ? byChannels
      : isByLines(node.primitive, geometry)
        ? byLines
        : byPatches;
  fn.emit(code(routine, geometry));
}

/** What products a convolution takes that does not take those of its definition. */
export interface Products {
  readonly multiplications: number;
  readonly inTiles: boolean;
}

/** The products of a convolution in tiles, or of one that leaves out what lies beyond the image; undefined of others. For those who explain. */
export function productsOf(node: Routine<Convolution>["node"], winograd: boolean): Products | undefined {
  const geometry = geometryOf(node);
  const tiling = winograd ? tilingOf(node.primitive, geometry) : undefined;
  if (tiling) return { multiplications: workOf(tiling, geometry), inTiles: true };
  if (isDepthwise(geometry) || !isByChannels(geometry)) return undefined;
  return { multiplications: productsByChannels(geometry), inTiles: false };
}
