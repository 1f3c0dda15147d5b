// The gradient of the kernel in tiles: the transpose of the convolution, summed over all of them.
import { sizeOf } from "@hooke/runtime";
import { inPieces, piecesOf } from "../../../dividing/grain.ts";
import { combinePartials, partialStride } from "../../../dividing/partials.ts";
import { plus } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { call, local } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32, memory } from "../../../encoder/opcodes.ts";
import { gemmScratch } from "../../../gemm/gemm.ts";
import { type GemmProblem, slab } from "../../../gemm/problem.ts";
import { product } from "../../dot.ts";
import type { Routine } from "../../routine.ts";
import { totalsOf } from "../../totals.ts";
import { blockSizes, forBlocks, strideOf } from "../blocks.ts";
import { type Convolution, type Geometry, partialBytes } from "../geometry.ts";
import { scratchOf } from "../scratch.ts";
import { blockOf, fewestTiles, placesOf, size, tilingOf, workOf } from "./blocks.ts";
import { addInputTiles, addOutputTiles, imagesOf } from "./tiles.ts";
import { addKernelTransform } from "./transforms.ts";

/** Code of the whole. */
export function kernelGradientByTiles(
  { emitter, operands, output, fn }: Routine<Convolution>,
  geometry: Geometry,
): Code {
  const { windows, channels, filters } = geometry;
  const tiling = tilingOf("convKernelGradient", geometry);
  const { total } = tiling;
  const inputs = imagesOf(windows.input, channels, tiling);
  const outputs = imagesOf(windows.output, filters, tiling);
  const padding = windows.padding.map(([low]) => low);
  const places = placesOf(geometry);
  const plane = channels * filters;
  const elements = sizeOf(windows.window) * plane;
  const stride = partialStride(elements * size);
  const pieces = Math.min(
    piecesOf(emitter, workOf(tiling, geometry), total, fewestTiles.convKernelGradient),
    Math.max(1, Math.floor(partialBytes / stride)),
  );
  const each = Math.ceil(total / pieces);
  const block = blockOf(geometry, each);
  const strides = { a: strideOf(block * channels), b: strideOf(block * filters), c: strideOf(plane) };
  const problem = (tiles: number): GemmProblem => ({
    ...{ m: channels, n: filters, k: tiles, transposeA: true, transposeB: false, dtype: "f32", accumulate: true },
    batch: { count: places, strideA: strides.a, strideB: strides.b, strideC: strides.c },
  });
  const take = addInputTiles(emitter, inputs, padding, strides.a * size);
  const takeOutputs = addOutputTiles(emitter, "gradient", outputs, strides.b * size);
  const back = addKernelTransform(emitter, "gradient", windows.window.length, plane, strides.c * size);
  /** So many tiles are added up in f32. */
  const run = Math.max(1, Math.floor(slab / block)) * block;
  const part = (inner: FunctionBuilder, count: number, first: Code, target: Code): Code => {
    const long = count > run;
    const [sums, tiles, gradients, spare, gemm, wide, single] = scratchOf(
      emitter,
      places * strides.c * size,
      places * strides.a * size,
      places * strides.b * size,
      places * channels * size,
      // A run is whole blocks.
      Math.max(...blockSizes(count, block).map((tiles) => gemmScratch(problem(tiles), emitter.generators.large))),
      long ? elements * 8 : 0,
      long ? elements * size : 0,
    );
    const clear = memory.fill(sums, i32.const(0), i32.const(places * strides.c * size));
    const added = (tilesOfRun: number, firstOfRun: Code): Code => [
      clear,
      forBlocks(inner, firstOfRun, tilesOfRun, block, (firstTile, tilesOfPart) => [
        call(take, operands[0]!, tiles, firstTile, i32.const(tilesOfPart), spare),
        call(takeOutputs, operands[1]!, gradients, firstTile, i32.const(tilesOfPart)),
        product(emitter, problem(tilesOfPart), tiles, gradients, sums, gemm),
      ]),
    ];
    if (!long) return [added(count, first), call(back, sums, target)];
    const [totals, singles] = inner.locals("i32", 2);
    const pass = totalsOf(inner, totals, singles);
    const code = [
      memory.fill(wide, i32.const(0), i32.const(elements * 8)),
      local.set(totals, wide),
      forBlocks(inner, first, count, run, (firstOfRun, tilesOfRun) => [
        added(tilesOfRun, firstOfRun),
        call(back, sums, single),
        local.set(singles, single),
        pass.add(elements),
      ]),
      local.set(singles, target),
      pass.finish(elements),
    ];
    inner.release(totals, singles);
    return code;
  };
  if (pieces === 1) return part(fn, total, i32.const(0), output);
  const count = Math.ceil(total / each);
  const partials = emitter.partials(count * stride);
  return [
    inPieces(emitter, total, each, (inner, tiles, first, piece) =>
      part(inner, tiles, first, plus(partials, [piece, stride])),
    ),
    combinePartials(emitter, fn, { dtype: "f32", bytes: elements * size, count: elements, pieces: count }, output),
  ];
}
