// One digest of everything a training ends with: its history and the bits of its variables.
import type { EndEvent } from "@hooke/core";
import { type HostArray, type Tree, treeLeaves } from "@hooke/runtime";

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of what an end event holds. */
export async function digest(end: EndEvent): Promise<string> {
  const leaves = treeLeaves<HostArray>((await end.variables()) as unknown as Tree<HostArray>);
  const parts = [
    new TextEncoder().encode(JSON.stringify(end.history)),
    ...leaves.map(({ value: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
  return hex(await crypto.subtle.digest("SHA-256", await new Blob(parts as BlobPart[]).arrayBuffer()));
}
