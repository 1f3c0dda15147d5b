// Whether a solution follows data: up to their noise.

/** Mean squares of normal noise scatter by the root of 2 / n of themselves: data that are further above theirs by so many times that, and by half, are not followed. */
const [deviations, half] = [5, 0.5];

/** @param meanSquare of what is left of so many data, in terms of the square of their noise */
export const isFollowed = (meanSquare: number, count: number): boolean =>
  meanSquare <= 1 + Math.max(deviations * Math.sqrt(2 / count), half);
