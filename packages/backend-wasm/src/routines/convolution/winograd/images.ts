// The convolution in tiles, and the gradient of its input: a convolution with the kernel turned round.
import { inPieces, piecesOf } from "../../../dividing/grain.ts";
import type { Code } from "../../../encoder/code.ts";
import { call } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32 } from "../../../encoder/opcodes.ts";
import { gemmScratch } from "../../../gemm/gemm.ts";
import type { GemmProblem } from "../../../gemm/problem.ts";
import { product } from "../../dot.ts";
import type { Routine } from "../../routine.ts";
import type { Convolution, Geometry } from "../geometry.ts";
import { scratchOf } from "../scratch.ts";
import { blockOf, blockSizes, fewestTiles, forBlocks, places, size, tilingOf, workOf } from "./blocks.ts";
import { addInputTiles, addOutputTiles, imagesOf } from "./tiles.ts";
import { addKernelTransform } from "./transforms.ts";

/** Code of the whole. */
export function imagesByTiles({ emitter, node, operands, output, fn }: Routine<Convolution>, geometry: Geometry): Code {
  const { windows, channels, filters } = geometry;
  const turned = node.primitive === "convInputGradient";
  const [source, target] = turned ? [windows.output, windows.input] : [windows.input, windows.output];
  const [depth, width] = turned ? [filters, channels] : [channels, filters];
  const padding = windows.padding.map(([low]) => (turned ? 2 - low : low)) as [number, number];
  const tiling = tilingOf(node.primitive, geometry);
  const { total } = tiling;
  const inputs = imagesOf(source, depth, tiling);
  const outputs = imagesOf(target, width, tiling);
  const pieces = piecesOf(emitter, workOf(tiling, geometry), total, fewestTiles);
  const each = Math.ceil(total / pieces);
  const block = blockOf(geometry, each);
  const kernelSize = places * channels * filters * size;
  const problem = (tiles: number): GemmProblem => ({
    ...{ m: tiles, n: width, k: depth, transposeA: false, transposeB: turned, dtype: "f32" },
    batch: { count: places, strideA: block * depth, strideB: channels * filters, strideC: block * width },
  });
  // A single piece has the kernel in memory of its own, before all else.
  const own = pieces === 1 ? kernelSize : 0;
  const kernel = pieces === 1 ? scratchOf(emitter, kernelSize)[0] : emitter.partials(kernelSize);
  const take = addInputTiles(emitter, inputs, padding, block * depth * size);
  const give = addOutputTiles(emitter, "compute", outputs, block * width * size);
  const part = (inner: FunctionBuilder, count: number, first: Code): Code => {
    const [, tiles, results, spare, gemm] = scratchOf(
      emitter,
      own,
      places * block * depth * size,
      places * block * width * size,
      places * depth * size,
      Math.max(...blockSizes(count, block).map((tiles) => gemmScratch(problem(tiles), emitter.generators.large))),
    );
    return forBlocks(inner, first, count, block, (firstTile, tilesOfPart) => [
      call(take, operands[0]!, tiles, firstTile, i32.const(tilesOfPart), spare),
      product(emitter, problem(tilesOfPart), tiles, kernel, results, gemm),
      call(give, output, results, firstTile, i32.const(tilesOfPart)),
    ]);
  };
  return [
    call(addKernelTransform(emitter, turned ? "turned" : "kernel", channels * filters), operands[1]!, kernel),
    pieces === 1 ? part(fn, total, i32.const(0)) : inPieces(emitter, total, each, part),
  ];
}
