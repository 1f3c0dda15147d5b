// The gradient of the kernel in tiles: the transpose of the convolution, summed over all of them.
import { sizeOf } from "@hooke/runtime";
import { inPieces } from "../../../dividing/grain.ts";
import { combinePartials, partialStride } from "../../../dividing/partials.ts";
import { plus } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { call, local } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32, memory } from "../../../encoder/opcodes.ts";
import { type GemmProblem, slab } from "../../../gemm/problem.ts";
import { inScratch, product, productScratch } from "../../dot.ts";
import type { Routine } from "../../routine.ts";
import { totalsOf } from "../../totals.ts";
import { blockSizes, forBlocks, strideOf } from "../blocks.ts";
import { type Convolution, type Geometry, partialBytes } from "../geometry.ts";
import { scratchOf } from "../scratch.ts";
import { blockOf, channelsOfPart, divisionOf, size, type Tiling } from "./blocks.ts";
import { addInputTiles, addOutputTiles, imagesOf } from "./tiles.ts";
import { addKernelTransform } from "./transforms.ts";

/** Sums of a piece take no more than this where they can be made in parts: each thread has its own. */
const sumsBytes = 5 * 2 ** 17;

/** Code of the whole. */
export function kernelGradientByTiles(
  { emitter, operands, output, fn }: Routine<Convolution>,
  geometry: Geometry,
  tiling: Tiling,
): Code {
  const { windows, channels, filters } = geometry;
  const { algorithm, places, total } = tiling;
  const inputs = imagesOf(windows.input, channels, tiling);
  const outputs = imagesOf(windows.output, filters, tiling);
  const padding = windows.padding.map(([low]) => low);
  const plane = channels * filters;
  const weights = sizeOf(windows.window) * plane;
  const stride = partialStride(weights * size);
  const mostPieces = Math.max(1, Math.floor(partialBytes / stride));
  const division = divisionOf(emitter, "convKernelGradient", geometry, tiling, mostPieces);
  const { pieces, placesOfPiece, moved, elements } = division;
  const each = Math.ceil(total / pieces);
  const block = placesOfPiece === undefined ? blockOf(tiling, geometry, each) : total;
  const oneBlock = each <= block;
  // Sums of a part of the channels need all tiles: those of several blocks would be taken again for each part.
  const most = placesOfPiece === undefined ? sumsBytes : undefined;
  const some = oneBlock ? channelsOfPart(tiling, geometry, most) : channels;
  const strides = { a: strideOf(block * channels), b: strideOf(block * filters), c: strideOf(some * filters) };
  const problem = (tiles: number, count = places, accumulate = true): GemmProblem => ({
    ...{ m: some, n: filters, k: tiles, transposeA: true, transposeB: false, dtype: "f32", accumulate },
    ...{ leadingA: channels, batch: { count, strideA: strides.a, strideB: strides.b, strideC: strides.c } },
  });
  const take = addInputTiles(emitter, inputs, padding, strides.a * size);
  const takeOutputs = addOutputTiles(emitter, "gradient", outputs, strides.b * size);
  const transform = (count: number): number =>
    addKernelTransform(emitter, algorithm, "gradient", windows.window.length, plane, strides.c * size, count);
  if (placesOfPiece !== undefined) {
    const [tilesBytes, gradientsBytes] = [strides.a, strides.b].map((n) => places * n * size) as [number, number];
    const tiles = emitter.partials(tilesBytes + gradientsBytes + places * strides.c * size);
    const gradients = i32.add(tiles, i32.const(tilesBytes));
    const sums = i32.add(gradients, i32.const(gradientsBytes));
    return [
      inPieces(emitter, total, moved, (_fn, count, first) => [
        call(
          take,
          operands[0]!,
          plus(tiles, [first, channels * size]),
          first,
          i32.const(count),
          scratchOf(emitter, places * channels * size)[0],
        ),
        call(takeOutputs, operands[1]!, plus(gradients, [first, filters * size]), first, i32.const(count)),
      ]),
      Array.from({ length: channels / some }, (_, part) => [
        inPieces(emitter, places, placesOfPiece, (_fn, count, first) =>
          inScratch(emitter, problem(total, count, false), {
            a: plus(tiles, [first, strides.a * size], [i32.const(part), some * size]),
            b: plus(gradients, [first, strides.b * size]),
            c: plus(sums, [first, strides.c * size]),
          }),
        ),
        inPieces(emitter, some * filters, elements, (_fn, count, first) =>
          call(
            transform(count),
            plus(sums, [first, size]),
            plus(output, [first, size], [i32.const(part), some * filters * size]),
          ),
        ),
      ]),
    ];
  }
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
      Math.max(...blockSizes(count, block).map((tiles) => productScratch(emitter, problem(tiles)))),
      long ? weights * 8 : 0,
      long ? weights * size : 0,
    );
    if (oneBlock)
      return [
        call(take, operands[0]!, tiles, first, i32.const(count), spare),
        call(takeOutputs, operands[1]!, gradients, first, i32.const(count)),
        Array.from({ length: channels / some }, (_, part) => [
          product(
            emitter,
            problem(count, places, false),
            i32.add(tiles, i32.const(part * some * size)),
            gradients,
            sums,
            gemm,
          ),
          call(transform(some * filters), sums, i32.add(target, i32.const(part * some * filters * size))),
        ]),
      ];
    const clear = memory.fill(sums, i32.const(0), i32.const(places * strides.c * size));
    const added = (tilesOfRun: number, firstOfRun: Code): Code => [
      clear,
      forBlocks(inner, firstOfRun, tilesOfRun, block, (firstTile, tilesOfPart) => [
        call(take, operands[0]!, tiles, firstTile, i32.const(tilesOfPart), spare),
        call(takeOutputs, operands[1]!, gradients, firstTile, i32.const(tilesOfPart)),
        product(emitter, problem(tilesOfPart), tiles, gradients, sums, gemm),
      ]),
    ];
    if (!long) return [added(count, first), call(transform(plane), sums, target)];
    const [totals, singles] = inner.locals("i32", 2);
    const pass = totalsOf(inner, totals, singles);
    const code = [
      memory.fill(wide, i32.const(0), i32.const(weights * 8)),
      local.set(totals, wide),
      forBlocks(inner, first, count, run, (firstOfRun, tilesOfRun) => [
        added(tilesOfRun, firstOfRun),
        call(transform(plane), sums, single),
        local.set(singles, single),
        pass.add(weights),
      ]),
      local.set(singles, target),
      pass.finish(weights),
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
    combinePartials(emitter, fn, { dtype: "f32", bytes: weights * size, count: weights, pieces: count }, output),
  ];
}
