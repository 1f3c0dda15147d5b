// The convolution in tiles, and the gradient of its input: a convolution with the kernel turned round.
import { inPieces } from "../../../dividing/grain.ts";
import { plus } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { call } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32 } from "../../../encoder/opcodes.ts";
import type { GemmProblem } from "../../../gemm/problem.ts";
import { inScratch, product, productScratch } from "../../dot.ts";
import type { Routine } from "../../routine.ts";
import { blockSizes, forBlocks, strideOf } from "../blocks.ts";
import type { Convolution, Geometry } from "../geometry.ts";
import { scratchOf } from "../scratch.ts";
import { windowSide } from "./algorithms.ts";
import { blockOf, channelsOfPart, divisionOf, size, type Tiling } from "./blocks.ts";
import { addInputTiles, addOutputTiles, imagesOf } from "./tiles.ts";
import { addKernelTransform } from "./transforms.ts";

/** Code of the whole. */
export function imagesByTiles(
  { emitter, node, operands, output, fn }: Routine<Convolution>,
  geometry: Geometry,
  tiling: Tiling,
): Code {
  const { windows, channels, filters } = geometry;
  const turned = node.primitive === "convInputGradient";
  const [source, target] = turned ? [windows.output, windows.input] : [windows.input, windows.output];
  const [depth, width] = turned ? [filters, channels] : [channels, filters];
  const padding = windows.padding.map(([low]) => (turned ? windowSide - 1 - low : low));
  const { algorithm, places, total } = tiling;
  const rank = windows.window.length;
  const inputs = imagesOf(source, depth, tiling);
  const outputs = imagesOf(target, width, tiling);
  const { pieces, placesOfPiece, moved, elements } = divisionOf(emitter, node.primitive, geometry, tiling);
  const each = Math.ceil(total / pieces);
  const block = placesOfPiece === undefined ? blockOf(tiling, geometry, each) : total;
  const plane = channels * filters;
  const some = placesOfPiece === undefined ? channels : channelsOfPart(tiling, geometry);
  const strides = { a: strideOf(block * depth), b: strideOf(some * filters), c: strideOf(block * width) };
  const kernelSize = places * strides.b * size;
  const problem = (tiles: number, count = places, accumulate = false): GemmProblem => ({
    ...{ m: tiles, n: turned ? some : width, k: turned ? depth : some, transposeA: false, transposeB: turned },
    ...{ dtype: "f32", accumulate, leadingA: depth, leadingC: width },
    batch: { count, strideA: strides.a, strideB: strides.b, strideC: strides.c },
  });
  const take = addInputTiles(emitter, inputs, padding, strides.a * size);
  const give = addOutputTiles(emitter, "compute", outputs, strides.c * size);
  /** The kernel of some channels, transformed. */
  const transformed = (kernel: Code, channel = 0): Code => {
    const transform = (count: number): number =>
      addKernelTransform(emitter, algorithm, turned ? "turned" : "kernel", rank, plane, strides.b * size, count);
    const source = plus(operands[1]!, [i32.const(channel), filters * size]);
    if ((pieces === 1 && placesOfPiece === undefined) || elements >= some * filters)
      return call(transform(some * filters), source, kernel);
    return inPieces(emitter, some * filters, elements, (_fn, count, first) =>
      call(transform(count), plus(source, [first, size]), plus(kernel, [first, size])),
    );
  };
  if (placesOfPiece !== undefined) {
    const [tilesBytes, resultsBytes] = [strides.a, strides.c].map((n) => places * n * size) as [number, number];
    const kernel = emitter.partials(kernelSize + tilesBytes + resultsBytes);
    const tiles = i32.add(kernel, i32.const(kernelSize));
    const results = i32.add(tiles, i32.const(tilesBytes));
    return [
      inPieces(emitter, total, moved, (_fn, count, first) =>
        call(
          take,
          operands[0]!,
          plus(tiles, [first, depth * size]),
          first,
          i32.const(count),
          scratchOf(emitter, places * depth * size)[0],
        ),
      ),
      Array.from({ length: channels / some }, (_, part) => [
        transformed(kernel, part * some),
        inPieces(emitter, places, placesOfPiece, (_fn, count, first) =>
          inScratch(emitter, problem(total, count, part > 0 && !turned), {
            a: plus(tiles, [first, strides.a * size], [i32.const(part), turned ? 0 : some * size]),
            b: plus(kernel, [first, strides.b * size]),
            c: plus(results, [first, strides.c * size], [i32.const(part), turned ? some * size : 0]),
          }),
        ),
      ]),
      inPieces(emitter, total, moved, (_fn, count, first) =>
        call(give, output, plus(results, [first, width * size]), first, i32.const(count)),
      ),
    ];
  }
  // A single piece has the kernel in memory of its own, before all else.
  const own = pieces === 1 ? kernelSize : 0;
  const kernel = pieces === 1 ? scratchOf(emitter, kernelSize)[0] : emitter.partials(kernelSize);
  const part = (inner: FunctionBuilder, count: number, first: Code): Code => {
    const [, tiles, results, spare, gemm] = scratchOf(
      emitter,
      own,
      places * strides.a * size,
      places * strides.c * size,
      places * depth * size,
      Math.max(...blockSizes(count, block).map((tiles) => productScratch(emitter, problem(tiles)))),
    );
    return forBlocks(inner, first, count, block, (firstTile, tilesOfPart) => [
      call(take, operands[0]!, tiles, firstTile, i32.const(tilesOfPart), spare),
      product(emitter, problem(tilesOfPart), tiles, kernel, results, gemm),
      call(give, output, results, firstTile, i32.const(tilesOfPart)),
    ]);
  };
  return [transformed(kernel), pieces === 1 ? part(fn, total, i32.const(0)) : inPieces(emitter, total, each, part)];
}
