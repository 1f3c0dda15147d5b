// Arrays that are needed together are there together.
import type { HostArray } from "./array.ts";
import type { Backend, Buffer } from "./backend.ts";
import { type Tree, treeLeaves } from "./tree.ts";

/** Copies the leaves of a tree in, in their order: all, or none where one of them is refused. @throws as `upload` does */
export function uploadAll(backend: Backend, arrays: Tree<HostArray>): Buffer[] {
  const buffers: Buffer[] = [];
  try {
    for (const { value } of treeLeaves<HostArray>(arrays)) buffers.push(backend.upload(value));
  } catch (error) {
    for (const buffer of buffers) backend.free(buffer);
    throw error;
  }
  return buffers;
}
