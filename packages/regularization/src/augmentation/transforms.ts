// The transforms there are: what each draws.
import { type Check, checkOptions, checks, fail, nothingMore } from "@hooke/runtime";
import type { Beyond } from "./grid.ts";
import { identity, type Matrix, planeRotation, reflection } from "./orthogonal.ts";
import { type Axis, axes } from "./symmetry.ts";
import type { Transform } from "./transform.ts";

/** A plane of rotation by its two axes. */
export type Plane = "xy" | "xz" | "yz";

const planes: Readonly<Record<Plane, readonly [number, number]>> = { xy: [0, 1], xz: [0, 2], yz: [1, 2] };

function planesOf(who: string, plane: Plane | undefined, size: number): readonly (readonly [number, number])[] {
  const chosen = plane === undefined ? Object.values(planes) : [planes[plane]];
  const inside = chosen.filter(([, to]) => to < size);
  if (inside.length === 0)
    fail(who, `turns in the plane ${plane}, which an image of ${size} dimensions does not have.`, "mismatch");
  return inside;
}

/**
 * Turns by a random multiple of 90 degrees; values move as they are. It assumes that the axes of the plane are alike.
 *
 * @param options.plane in volumes; default: a random one of the three
 */
export function rotate90(options: { readonly plane?: Plane } = {}): Transform {
  checkOptions("rotate90", options, { optional: { plane: planeCheck } });
  return {
    name: "rotate90",
    maps: (size) =>
      planesOf("rotate90", options.plane, size).map(([from, to]) => planeRotation(size, from, to, Math.PI / 2)),
    draw: (random, size) => {
      const choices = planesOf("rotate90", options.plane, size);
      const [from, to] = choices[random.integer(choices.length)]!;
      const map = planeRotation(size, from, to, (random.integer(4) * Math.PI) / 2);
      return { kind: "turn", map, beyond: "reflect" };
    },
  };
}

/** Options of {@link rotate}. */
export interface RotateOptions {
  /** Largest angle to either side, in degrees, up to 180. Default 180. */
  readonly degrees?: number;
  /** In volumes; default: a random one of the three. */
  readonly plane?: Plane;
  /**
   * How the image goes on where the turned one looks beyond its edges; `"periodic"` assumes that it does so. Default
   * `"reflect"`.
   */
  readonly beyond?: Beyond;
}

/**
 * Turns by a random angle about the centre, interpolating linearly: fine structure is smoothed a little, and a periodic
 * image is periodic no more, so that {@link translate} goes in front of it. It assumes that every direction of the
 * plane is alike.
 */
export function rotate(options: RotateOptions = {}): Transform {
  checkOptions<RotateOptions>("rotate", options, {
    optional: { degrees: degreesCheck, plane: planeCheck, beyond: beyondCheck },
  });
  const { degrees = 180, plane, beyond = "reflect" } = options;
  return {
    name: "rotate",
    ...(beyond === "periodic" && { assumes: beyond }),
    ends: "periodic",
    // One radian is no symmetry of any grid.
    maps: (size) => planesOf("rotate", plane, size).map(([from, to]) => planeRotation(size, from, to, 1)),
    draw: (random, size) => {
      const choices = planesOf("rotate", plane, size);
      const [from, to] = choices[random.integer(choices.length)]!;
      const angle = (random.uniform(-degrees, degrees) * Math.PI) / 180;
      return { kind: "turn", map: planeRotation(size, from, to, angle), beyond };
    },
  };
}

/**
 * Mirrors each axis, or not, with equal chances. It assumes that both senses of an axis are alike.
 *
 * @param options.axes those that may be mirrored; default all
 */
export function flip(options: { readonly axes?: readonly Axis[] } = {}): Transform {
  checkOptions("flip", options, { optional: { axes: axesCheck } });
  const among = (size: number): readonly Axis[] => {
    const chosen = options.axes ?? axes.slice(0, size);
    const outside = chosen.find((axis) => axes.indexOf(axis) >= size);
    if (outside !== undefined)
      fail("flip", `mirrors the axis ${outside}, which an image of ${size} dimensions does not have.`, "mismatch");
    return chosen;
  };
  const mirror = (size: number, chosen: readonly Axis[]): Matrix =>
    reflection(axes.slice(0, size).map((axis) => chosen.includes(axis)));
  return {
    name: "flip",
    maps: (size) => among(size).map((axis) => mirror(size, [axis])),
    draw: (random, size) => {
      const chosen = among(size).filter(() => random.integer(2) === 1);
      return { kind: "turn", map: mirror(size, chosen), beyond: "reflect" };
    },
  };
}

/**
 * Moves the image by whole points, each shift equally likely; what leaves enters on the other side. It assumes periodic
 * images.
 */
export function translate(...more: []): Transform {
  nothingMore("translate", more);
  return {
    name: "translate",
    maps: (size) => [identity(size)],
    assumes: "periodic",
    draw: (random, size) => ({
      kind: "shift",
      fractions: Array.from({ length: size }, () => random.uniform(0, 1)),
    }),
  };
}

/** Options of {@link adjustIntensity}. */
export interface IntensityOptions {
  /** Below 1: values are multiplied by a factor within `1 - gain ... 1 + gain`. Default 0. */
  readonly gain?: number;
  /** A number within `-offset ... offset` is added. Default 0. */
  readonly offset?: number;
  /** Standard deviation of normal noise added to each value. Default 0. */
  readonly noise?: number;
}

/** Changes contrast, brightness and noise of the image. It assumes that intensities carry no measure. */
export function adjustIntensity(options: IntensityOptions): Transform {
  const { fraction, nonNegative } = checks;
  checkOptions<IntensityOptions>("adjustIntensity", options, {
    optional: { gain: fraction, offset: nonNegative, noise: nonNegative },
  });
  const { gain = 0, offset = 0, noise = 0 } = options;
  return {
    name: "adjustIntensity",
    maps: (size) => [identity(size)],
    assumes: "uncalibrated intensity",
    draw: (random) => {
      const factor = random.uniform(1 - gain, 1 + gain);
      const added = random.uniform(-offset, offset);
      return {
        kind: "intensity",
        change: (value, noises) => value * factor + added + (noise === 0 ? 0 : noise * noises.normal()),
      };
    },
  };
}

const planeCheck: Check = (value) => checks.oneOf(value, Object.keys(planes));
const beyondCheck: Check = (value) => checks.oneOf(value, ["reflect", "periodic"]);
const degreesCheck: Check = (value) =>
  typeof value === "number" && value > 0 && value <= 180 ? undefined : "an angle above 0 and up to 180 degrees";
const axesCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((axis) => axes.includes(axis))
    ? undefined
    : 'a list of "x", "y", "z"';
