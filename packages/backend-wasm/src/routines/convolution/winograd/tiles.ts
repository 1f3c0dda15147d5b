// Tiles of images on their way to the matrices of the products, one for each place of a transformed tile, and back.
import type { Emitter } from "../../../codegen/emitter.ts";
import { advance, plus } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { call, forLoop, local, when } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32, v128 } from "../../../encoder/opcodes.ts";
import { clearRow, copyRow } from "../../rows.ts";
import type { Algorithm } from "./algorithms.ts";
import { size, type Tiling } from "./blocks.ts";
import { flat, flatIn, loadVectors, storeVectors, transformBoxes } from "./transforms.ts";

/** Images of one size, of which tiles are taken or written. */
export interface Images {
  readonly algorithm: Algorithm;
  readonly extents: readonly number[];
  readonly channels: number;
  /** Tiles along each axis. */
  readonly along: readonly number[];
}

export const imagesOf = (extents: readonly number[], channels: number, { algorithm, along }: Tiling): Images => ({
  algorithm,
  extents,
  channels,
  along,
});

/** `body` for each of `count` consecutive tiles from `first`, given locals with its image and its place along each axis. */
function forTiles(
  fn: FunctionBuilder,
  { along }: Images,
  first: number,
  count: number,
  body: (image: number, tile: readonly number[]) => Code,
): Code {
  const [index, image] = fn.locals("i32", 2);
  const tile = along.map(() => fn.local("i32"));
  const { get, set } = local;
  const placed = along.map((tiles, axis) => [
    set(tile[axis]!, i32.rem_u(get(image), i32.const(tiles))),
    set(image, i32.div_u(get(image), i32.const(tiles))),
  ]);
  return forLoop({ index, start: 0, limit: get(count) }, [
    set(image, i32.add(get(first), get(index))),
    placed.reverse(),
    body(image, tile),
  ]);
}

/** What functions that differ by images are known by. */
const keyOf = ({ algorithm, ...images }: Images, ...more: readonly unknown[]): string =>
  JSON.stringify([algorithm.outputs, images, ...more]);

/** The address of a pixel, given codes of its place. */
const pixel = ({ extents, channels }: Images, base: number, image: number, place: readonly Code[]): Code => {
  const index = place.reduce((sum, at, axis) => plus(at, [sum, extents[axis]!]), local.get(image));
  return plus(local.get(base), [index, channels * size]);
};

const all = (conditions: readonly Code[]): Code => conditions.reduce((a, b) => i32.and(a, b));

/** `(images, target, first, count, spare)`: tiles of inputs, transformed: one matrix of tiles for each place. `spare` holds a tile. */
export function addInputTiles(
  emitter: Emitter,
  images: Images,
  padding: readonly number[],
  planeBytes: number,
): number {
  const { extents, channels } = images;
  const { outputs, transformed } = images.algorithm;
  const { module } = emitter;
  const rowBytes = channels * size;
  return module.share(`winograd inputs ${keyOf(images, padding, planeBytes)}`, () => {
    const transform = (extents: readonly number[]): number =>
      addTileTransform(emitter, { ...images, extents }, planeBytes);
    const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32"]);
    const [base, target, first, count, spare] = [0, 1, 2, 3, 4] as const;
    const { get, set } = local;
    const start = extents.map(() => fn.local("i32"));
    const at = extents.map(() => fn.local("i32"));
    const [from, to] = fn.locals("i32", 2);
    const body = (image: number, tile: readonly number[]): Code => {
      const inside = (line: Code, extent: number): Code => i32.lt_u(line, i32.const(extent));
      const whole = extents.map((extent, axis) => inside(get(start[axis]!), Math.max(0, extent - transformed + 1)));
      const place = extents.map((_, axis) => i32.add(get(start[axis]!), get(at[axis]!)));
      const within = place.map((line, axis) => inside(line, extents[axis]!));
      const copied = at.reduceRight<Code>(
        (code, index) => forLoop({ index, start: 0, limit: transformed }, code),
        [
          when(
            all(within),
            [set(from, pixel(images, base, image, place)), copyRow(to, from, rowBytes)],
            clearRow(to, rowBytes),
          ),
          advance(to, rowBytes),
        ],
      );
      return [
        tile.map((line, axis) =>
          set(start[axis]!, i32.sub(i32.mul(get(line), i32.const(outputs)), i32.const(padding[axis]!))),
        ),
        when(all(whole), call(transform(extents), pixel(images, base, image, start.map(get)), get(target)), [
          set(to, get(spare)),
          copied,
          call(transform(extents.map(() => transformed)), get(spare), get(target)),
        ]),
        advance(target, rowBytes),
      ];
    };
    fn.emit(forTiles(fn, images, first, count, body));
    return fn.index;
  });
}

/** `(source, target)`: one tile of inputs, which lies in an image. */
function addTileTransform(
  emitter: Emitter,
  { algorithm, extents, channels }: Pick<Images, "algorithm" | "extents" | "channels">,
  planeBytes: number,
): number {
  const { outputs, transformed, input } = algorithm;
  return emitter.module.share(`winograd input ${JSON.stringify([outputs, extents, channels, planeBytes])}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32"]);
    const [source, target] = [0, 1] as const;
    const { constants, code } = transformBoxes(
      emitter,
      fn,
      {
        rank: extents.length,
        side: transformed,
        transform: input,
        load: (place, vectors) => loadVectors(source, flat(place, extents) * channels * size, vectors),
        store: (place, values) => storeVectors(target, flatIn(transformed, place) * planeBytes, values),
      },
      channels * size,
      [source, target],
    );
    fn.emit(constants, code);
    return fn.index;
  });
}

/**
 * `(images, planes, first, count)`: tiles of outputs, computed from the matrices, or, of a gradient, transformed to them. What of a tile lies beyond
 * the image is not written, or 0.
 */
export function addOutputTiles(
  emitter: Emitter,
  direction: "compute" | "gradient",
  images: Images,
  planeBytes: number,
): number {
  const { algorithm, extents, channels } = images;
  return emitter.module.share(`winograd outputs ${direction} ${keyOf(images, planeBytes)}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
    const [base, planes, first, count] = [0, 1, 2, 3] as const;
    const { get, set } = local;
    const outputs = fn.local("i32");
    /** Whether the image has all lines of the tile. */
    const whole = extents.map(() => fn.local("i32"));
    const rank = extents.length;
    const rowBytes = channels * size;
    const zero = v128.const(new Array(16).fill(0));
    const side = algorithm.outputs;
    /** `code`, if the image has the place; always, where the last tile has it. */
    const has = (place: readonly number[], code: Code, otherwise?: Code): Code => {
      const inLast = (axis: number): boolean => extents[axis]! % side === 0 || place[axis]! < extents[axis]! % side;
      const conditions = whole.filter((_, axis) => !inLast(axis)).map(get);
      return conditions.length === 0 ? code : when(all(conditions), code, otherwise);
    };
    const plane = (place: readonly number[]): number => flatIn(algorithm.transformed, place) * planeBytes;
    const output = (place: readonly number[]): number => flat(place, extents) * rowBytes;
    const { constants, code } = transformBoxes(
      emitter,
      fn,
      direction === "compute"
        ? {
            rank,
            side: algorithm.transformed,
            transform: algorithm.output,
            load: (place, vectors) => loadVectors(planes, plane(place), vectors),
            store: (place, values) => has(place, storeVectors(outputs, output(place), values)),
          }
        : {
            rank,
            side,
            transform: algorithm.outputGradient,
            load: (place, vectors) =>
              has(
                place,
                loadVectors(outputs, output(place), vectors),
                vectors.map((vector) => set(vector, zero)),
              ),
            store: (place, values) => storeVectors(planes, plane(place), values),
          },
      rowBytes,
      [outputs, planes],
    );
    fn.emit(
      constants,
      forTiles(fn, images, first, count, (image, tile) => {
        const start = tile.map((line) => i32.mul(get(line), i32.const(side)));
        return [
          set(outputs, pixel(images, base, image, start)),
          whole.map((local, axis) =>
            set(local, i32.lt_u(i32.add(start[axis]!, i32.const(side - 1)), i32.const(extents[axis]!))),
          ),
          code,
        ];
      }),
    );
    return fn.index;
  });
}
