// Masks: which keys a query may attend to. They are booleans that broadcast to the weights `[..., queries, keys]`.
import {
  and,
  type Check,
  checkArgument,
  checkRecording,
  checks,
  describe,
  fail,
  iota,
  isTensor,
  less,
  lessEqual,
  reshape,
  type Tensor,
} from "@hooke/runtime";

/** Expects a tensor. */
export const tensorCheck: Check = (value) =>
  isTensor(value) ? undefined : "a tensor, as layers get it while recording";

/**
 * True where a key is part of its sequence.
 *
 * @param lengths `i32[batch]`, how many of the first positions count
 * @param keys how many positions there are
 * @param rank of the weights: 3 for `[batch, queries, keys]`, 4 with heads
 * @returns `bool[batch, 1, keys]`, or `bool[batch, 1, 1, keys]`
 * @throws if the lengths are not `i32[batch]`
 */
export function paddingMask(lengths: Tensor, keys: number, rank: number): Tensor {
  checkArgument("paddingMask", "the lengths", lengths, tensorCheck);
  checkArgument("paddingMask", "the keys", keys, checks.count);
  checkArgument("paddingMask", "the rank", rank, checks.count);
  if (lengths.rank !== 1 || lengths.dtype !== "i32") {
    fail("paddingMask", `expected lengths i32[batch], received ${describe(lengths)}.`, "mismatch");
  }
  const ones = Array.from({ length: rank - 1 }, () => 1);
  return less(iota([...ones, keys], -1), reshape(lengths, [lengths.shape[0]!, ...ones]));
}

/**
 * True where a key is not after its query: `bool[queries, keys]`.
 *
 * @param positions `i32[queries]`, the positions of the queries. Default 0, 1, 2, ...
 * @throws if there is not one position for each query
 */
export function causalMask(queries: number, keys: number, positions?: Tensor): Tensor {
  checkRecording("causalMask");
  for (const [name, size] of Object.entries({ queries, keys })) checkArgument("causalMask", name, size, checks.count);
  if (positions !== undefined) checkArgument("causalMask", "the positions", positions, tensorCheck);
  if (positions !== undefined && describe(positions) !== `i32[${queries}]`) {
    fail("causalMask", `received positions ${describe(positions)}; expected i32[${queries}].`, "mismatch");
  }
  const rows = positions === undefined ? iota([queries, 1], 0) : reshape(positions, [queries, 1]);
  return lessEqual(iota([1, keys], 1), rows);
}

/** True where all the given masks are; undefined if none is given. */
export function bothMasks(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  return a === undefined || b === undefined ? (a ?? b) : and(a, b);
}
