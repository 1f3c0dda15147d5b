// What chance draws from: shapes, whole numbers and values made so far. The same seed draws the same.
import { asTensor, type DType, isFloat, reshape, type Shape, sizeOf, slice, type Tensor, tile } from "@hooke/runtime";
import { sample, stream } from "../cases/samples.ts";

/** A value of a random program. */
export interface Drawn {
  readonly tensor: Tensor;
  /**
   * How many more sums of two keep a float exact: its numbers are multiples of a power of two. 0: it may be rounded, and differ from one
   * backend to another in its last digits, so that nothing that jumps is asked of it. Whole numbers and booleans are exact forever.
   */
  readonly exact: number;
}

/** Lengths that backends treat differently: none, one, below, at and beyond vectors, tiles and groups, and primes. */
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 31, 32, 33, 64, 67, 101];

export class Draw {
  /** Of floats. */
  readonly dtype: "f32" | "f64";
  /** Whether derivatives are taken of what is drawn: then nothing rounded has a kink, either. */
  readonly differentiated: boolean;
  readonly pool: Drawn[] = [];
  private readonly next: () => number;

  constructor(seed: number, dtype: "f32" | "f64", differentiated: boolean) {
    this.next = stream(seed);
    this.dtype = dtype;
    this.differentiated = differentiated;
  }

  /** A draw for something inside, such as the body of a loop, which must not use up this one's numbers. */
  inner(differentiated = this.differentiated): Draw {
    return new Draw(this.below(2 ** 30), this.dtype, differentiated);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** From `low` to `high`, both included. */
  from(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  some<T>(list: readonly T[], probability = 0.5): T[] {
    return list.filter(() => this.chance(probability));
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((value) => ({ value, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  }

  /** A length from 0 or 1 on. */
  length(least = 0, most = 101): number {
    return this.of(lengths.filter((each) => each >= least && each <= most && (each > 0 || this.chance(0.2))));
  }

  /** Of at most so many elements. */
  shape(rank = this.of([0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6]), most = 4000): Shape {
    const shape: number[] = [];
    let room = most;
    for (let axis = 0; axis < rank; axis++) {
      const length = this.length(0, Math.max(1, Math.floor(room ** (1 / Math.max(1, (rank - axis) / 1.5)))));
      shape.push(length);
      room = Math.max(1, Math.floor(room / Math.max(1, length)));
    }
    return this.shuffled(shape);
  }

  /** One of the values made so far, the latest more often, so that chains grow. */
  value(fits: (value: Drawn) => boolean = () => true): Drawn | undefined {
    const found = this.pool.filter(fits);
    return found.length === 0 ? undefined : found[Math.max(this.below(found.length), this.below(found.length))];
  }

  /** Another of one shape and dtype, or itself. */
  like(value: Drawn): Drawn {
    const { shape, dtype } = value.tensor;
    return this.value(({ tensor }) => tensor.dtype === dtype && String(tensor.shape) === String(shape)) ?? value;
  }

  axis({ tensor }: Drawn): number {
    return this.below(tensor.rank);
  }
}

export const isOfFloats = ({ tensor }: Drawn): boolean => isFloat(tensor.dtype);
export const isEmpty = ({ tensor }: Drawn): boolean => sizeOf(tensor.shape) === 0;
export const isOf =
  (...dtypes: readonly DType[]) =>
  ({ tensor }: Drawn): boolean =>
    dtypes.includes(tensor.dtype);

/** An array of a shape: another one's elements, repeated or left out, or numbers of its own. */
export function fitted(draw: Draw, shape: Shape, dtype: DType = draw.dtype): Tensor {
  const source = draw.value((value) => value.tensor.dtype === dtype && !isEmpty(value));
  if (source === undefined || draw.chance(0.3)) {
    return asTensor(sample(shape, dtype, { seed: draw.below(1000) }));
  }
  const [size, held] = [sizeOf(shape), sizeOf(source.tensor.shape)];
  const flat = reshape(source.tensor, [-1]);
  return reshape(slice(held < size ? tile(flat, Math.ceil(size / held)) : flat, [0], [size]), shape);
}
