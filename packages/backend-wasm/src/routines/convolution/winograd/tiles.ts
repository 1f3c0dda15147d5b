// Tiles of images on their way to the matrices of the 16 products, and back.
import type { Emitter } from "../../../codegen/emitter.ts";
import { advance, plus } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { call, forLoop, local, when } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32, v128 } from "../../../encoder/opcodes.ts";
import { clearRow, copyRow } from "../../rows.ts";
import { size, type Tiling } from "./blocks.ts";
import { inputTransform, outputGradient, outputTransform, transformSquare } from "./transforms.ts";

/** Images of one size, of which tiles are taken or written. */
export interface Images {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Tiles down and across. */
  readonly down: number;
  readonly across: number;
}

export const imagesOf = ([height, width]: readonly number[], channels: number, { down, across }: Tiling): Images => ({
  height: height!,
  width: width!,
  channels,
  down,
  across,
});

/** Locals with the place of a tile. */
interface TilePlace {
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** `body` for each of `count` consecutive tiles from `first`, given locals with the tile's place. */
function forTiles(
  fn: FunctionBuilder,
  { down, across }: Images,
  first: number,
  count: number,
  body: (place: TilePlace) => Code,
): Code {
  const [index, rest, image, row, column] = fn.locals("i32", 5);
  const tile = i32.add(local.get(first), local.get(index));
  return forLoop({ index, start: 0, limit: local.get(count) }, [
    local.set(image, i32.div_u(local.tee(rest, tile), i32.const(down * across))),
    local.set(rest, i32.rem_u(local.get(rest), i32.const(down * across))),
    local.set(row, i32.div_u(local.get(rest), i32.const(across))),
    local.set(column, i32.rem_u(local.get(rest), i32.const(across))),
    body({ image, row, column }),
  ]);
}

/** The address of a pixel, whose row and column are codes. */
const pixel = ({ height, width, channels }: Images, base: number, image: number, row: Code, column: Code): Code => {
  const rows = plus(row, [local.get(image), height]);
  return plus(local.get(base), [plus(column, [rows, width]), channels * size]);
};

/** `(images, target, first, count, spare)`: tiles of inputs, 4 x 4, transformed: one matrix of tiles for each of 16 places. `spare` holds a tile. */
export function addInputTiles(
  emitter: Emitter,
  images: Images,
  [paddingDown, paddingAcross]: readonly [number, number],
  planeBytes: number,
): number {
  const { height, width, channels } = images;
  const { module } = emitter;
  const rowBytes = channels * size;
  return module.share(`winograd inputs ${JSON.stringify([images, paddingDown, paddingAcross, planeBytes])}`, () => {
    const transform = addTileTransform(emitter, channels, planeBytes);
    const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32"]);
    const [base, target, first, count, spare] = [0, 1, 2, 3, 4] as const;
    const [top, left, from, to, y, x] = fn.locals("i32", 6);
    const get = local.get;
    const body = ({ image, row, column }: TilePlace): Code => {
      const inside = (line: number, extent: number): Code => i32.lt_u(get(line), i32.const(extent));
      const whole = i32.and(inside(top, Math.max(0, height - 3)), inside(left, Math.max(0, width - 3)));
      const [rowOf, columnOf] = [i32.add(get(top), get(y)), i32.add(get(left), get(x))];
      const within = i32.and(i32.lt_u(rowOf, i32.const(height)), i32.lt_u(columnOf, i32.const(width)));
      const copied: Code = [
        local.set(to, get(spare)),
        forLoop(
          { index: y, start: 0, limit: 4 },
          forLoop({ index: x, start: 0, limit: 4 }, [
            when(
              within,
              [local.set(from, pixel(images, base, image, rowOf, columnOf)), copyRow(to, from, rowBytes)],
              clearRow(to, rowBytes),
            ),
            advance(to, rowBytes),
          ]),
        ),
      ];
      return [
        local.set(top, i32.sub(i32.shl(get(row), i32.const(1)), i32.const(paddingDown))),
        local.set(left, i32.sub(i32.shl(get(column), i32.const(1)), i32.const(paddingAcross))),
        when(
          whole,
          call(transform, pixel(images, base, image, get(top), get(left)), i32.const(width * rowBytes), get(target)),
          [copied, call(transform, get(spare), i32.const(4 * rowBytes), get(target))],
        ),
        advance(target, rowBytes),
      ];
    };
    fn.emit(forTiles(fn, images, first, count, body));
    return fn.index;
  });
}

/** `(source, bytes from row to row, target)`: one tile of inputs. */
function addTileTransform(emitter: Emitter, channels: number, planeBytes: number): number {
  return emitter.module.share(`winograd input ${channels} ${planeBytes}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32"]);
    const [source, rowBytes, target] = [0, 1, 2] as const;
    const offset = fn.local("i32");
    const rows = fn.locals("i32", 4);
    const get = local.get;
    fn.emit(
      rows.map((row, i) => local.set(row, i === 0 ? get(source) : i32.add(get(rows[i - 1]!), get(rowBytes)))),
      forLoop({ index: offset, start: 0, limit: channels * size, step: 16 }, [
        transformSquare(
          fn,
          4,
          inputTransform,
          (row, column) => v128.load(get(rows[row]!), column * channels * size),
          (row, column, value) => v128.store(get(target), value, (4 * row + column) * planeBytes),
        ),
        rows.map((row) => advance(row, 16)),
        advance(target, 16),
      ]),
    );
    return fn.index;
  });
}

/**
 * `(images, planes, first, count)`: tiles of outputs, 2 x 2, computed from the 16 matrices, or, of a gradient, transformed to them. What of a
 * tile lies beyond the image is not written, or 0.
 */
export function addOutputTiles(
  emitter: Emitter,
  direction: "compute" | "gradient",
  images: Images,
  planeBytes: number,
): number {
  const { height, width, channels } = images;
  return emitter.module.share(`winograd outputs ${direction} ${JSON.stringify([images, planeBytes])}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
    const [base, planes, first, count] = [0, 1, 2, 3] as const;
    const [offset, upper, lower, twoRows, twoColumns] = fn.locals("i32", 5);
    const get = local.get;
    const rowBytes = channels * size;
    const zero = v128.const(new Array(16).fill(0));
    /** Nothing, where the image has all rows and columns of its tiles. */
    const has = (row: number, column: number): Code => {
      const conditions = [
        ...(row === 1 && height % 2 === 1 ? [get(twoRows)] : []),
        ...(column === 1 && width % 2 === 1 ? [get(twoColumns)] : []),
      ];
      return conditions.length === 0 ? [] : conditions.reduce((a, b) => i32.and(a, b));
    };
    const at = (row: number): Code => get(row === 0 ? upper : lower);
    const plane = (row: number, column: number): number => (4 * row + column) * planeBytes;
    const code =
      direction === "compute"
        ? transformSquare(
            fn,
            4,
            outputTransform,
            (row, column) => v128.load(get(planes), plane(row, column)),
            (row, column, value) => {
              const store = v128.store(at(row), value, column * rowBytes);
              const condition = has(row, column);
              return condition.length === 0 ? store : when(condition, store);
            },
          )
        : transformSquare(
            fn,
            2,
            outputGradient,
            (row, column) => {
              const load = v128.load(at(row), column * rowBytes);
              const condition = has(row, column);
              return condition.length === 0 ? load : when(condition, load, zero, "v128");
            },
            (row, column, value) => v128.store(get(planes), value, plane(row, column)),
          );
    const second = (line: number, extent: number): Code =>
      i32.lt_u(i32.add(i32.shl(get(line), i32.const(1)), i32.const(1)), i32.const(extent));
    fn.emit(
      forTiles(fn, images, first, count, ({ image, row, column }) => [
        local.set(
          upper,
          pixel(images, base, image, i32.shl(get(row), i32.const(1)), i32.shl(get(column), i32.const(1))),
        ),
        local.set(lower, i32.add(get(upper), i32.const(width * rowBytes))),
        local.set(twoRows, second(row, height)),
        local.set(twoColumns, second(column, width)),
        forLoop({ index: offset, start: 0, limit: rowBytes, step: 16 }, [
          code,
          advance(upper, 16),
          advance(lower, 16),
          advance(planes, 16),
        ]),
      ]),
    );
    return fn.index;
  });
}
