// Where the arrays of a launch lie in the memory of the device, in words of four bytes: known in parts until the program runs.

/** A word of memory, some words behind a base, moving with the loops around the launch. */
export interface Pointer {
  /** What the program is given when it runs: 0 is the workspace, then come inputs, then outputs. */
  readonly base: number;
  readonly offset: number;
  /** How many words further it is for each step of every loop around, the outermost first. Absent loops move nothing. */
  readonly steps: readonly number[];
}

/** The pointer some words further. */
export const behind = (pointer: Pointer, words: number): Pointer =>
  words === 0 ? pointer : { ...pointer, offset: pointer.offset + words };

/** The pointer in a loop, some words further for each step. */
export const moving = (pointer: Pointer, level: number, words: number): Pointer => {
  const steps = Array.from({ length: level }, (_, i) => pointer.steps[i] ?? 0);
  return { ...pointer, steps: [...steps, words] };
};

/** Whether vectors of four words begin at a pointer, and at those some strides further. */
export const isAligned = ({ offset, steps }: Pointer, ...strides: readonly number[]): boolean =>
  [offset, ...steps, ...strides].every((words) => words % 4 === 0);
