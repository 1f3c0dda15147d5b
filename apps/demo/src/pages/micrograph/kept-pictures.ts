// Pictures that a visitor has dropped, kept in this browser, so that a reload finds them.
import { keptValues } from "../../data/kept.ts";
import type { PictureSet } from "./measured.ts";

/** Sets that are kept: the last ones. */
const capacity = 3;

const kept = keptValues<PictureSet>("pictures", capacity);

export const keepPictures = kept.keep;

/** @throws where they are no longer kept */
export async function loadPictures(id: string): Promise<PictureSet> {
  const set = await kept.load(id);
  if (set !== undefined) return set;
  throw new Error(
    `The pictures "${id}" are not kept in this browser: an address holds what they are called, not the pictures, and the last ${capacity} sets are kept. Choose them again.`,
  );
}
