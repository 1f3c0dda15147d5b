// Images of a set one after another, the next ones being read meanwhile; those that cannot be read, with their reasons.
import { type Check, checks, createPauses, fail } from "@hooke/runtime";
import { describeImage, type Image } from "./image.ts";
import type { ImageSet } from "./image-set.ts";
import { progressChecks, type WorkOptions } from "./progress.ts";

/** An image that could not be read. */
export interface ImageFailure {
  /** Its place in the set. */
  readonly index: number;
  readonly name: string;
  /** A sentence, with what to do. */
  readonly reason: string;
}

/** Options of what reads the images of a set. */
export interface ReadOptions extends WorkOptions {
  /** Images that cannot be read are collected with their reasons, or the first is thrown. Default `"collect"`. */
  readonly onBroken?: "collect" | "throw";
}

/** The checks of these options. */
export const readChecks: typeof progressChecks & { readonly onBroken: Check } = {
  ...progressChecks,
  onBroken: (value) => checks.oneOf(value, ["collect", "throw"]),
};

/** What became of an image. */
export type ReadImage =
  | { readonly index: number; readonly image: Image }
  | { readonly index: number; readonly failure: ImageFailure };

/**
 * Reads images in the order of `indices`.
 *
 * @param ahead images in memory at most
 * @throws if two are of different sizes or channels; the first that cannot be read, where `onBroken` is `"throw"`; if none can
 *   be; the signal's reason
 */
export async function* readAhead(
  who: string,
  images: ImageSet,
  indices: ArrayLike<number>,
  ahead: number,
  { onBroken = "collect", onProgress, signal }: ReadOptions,
): AsyncGenerator<ReadImage, void, void> {
  const pause = createPauses();
  const waiting: Promise<Tried>[] = [];
  let first: { readonly name: string; readonly image: Image } | undefined;
  let failed: ImageFailure | undefined;
  for (let next = 0, done = 0; done < indices.length; ) {
    while (waiting.length < ahead && next < indices.length) waiting.push(tryRead(images, indices[next++]!));
    await pause();
    signal?.throwIfAborted();
    const tried = await waiting.shift()!;
    signal?.throwIfAborted();
    const { index } = tried;
    const name = images.names[index]!;
    done++;
    onProgress?.({ done, total: indices.length });
    if ("error" in tried) {
      if (onBroken === "throw") throw tried.error;
      failed = { index, name, reason: tried.error instanceof Error ? tried.error.message : String(tried.error) };
      yield { index, failure: failed };
      continue;
    }
    const { image } = tried;
    first ??= { name, image };
    const like = first.image;
    // Floats are not divided by anything: beside whole numbers they would mean something else.
    const isOther = (image.bits === 32) !== (like.bits === 32);
    if (isOther || image.width !== like.width || image.height !== like.height || image.channels !== like.channels) {
      const cure = isOther
        ? "keep floats and whole numbers apart, or make whole numbers of floats, or the other way, with transform"
        : image.channels === like.channels
          ? "size: 224, or { height, width }"
          : "channels: 1 or 3";
      fail(
        images.source,
        `${name} is ${describeImage(image)}; ${first.name} is ${describeImage(like)}. Make them alike: ${cure}.`,
        "mismatch",
      );
    }
    yield { index, image };
  }
  if (first === undefined && failed !== undefined) {
    fail(who, `none of ${indices.length} images of ${images.source} can be read; ${failed.reason}`, "invalid-data");
  }
}

type Tried = { readonly index: number } & ({ readonly image: Image } | { readonly error: unknown });

async function tryRead(images: ImageSet, index: number): Promise<Tried> {
  try {
    return { index, image: await images.read(index) };
  } catch (error) {
    return { index, error };
  }
}

/** What failures come to, in words; nothing where there are none. */
export function failureWarnings({ source }: ImageSet, failures: readonly ImageFailure[], total: number): string[] {
  if (failures.length === 0) return [];
  const shown = failures.slice(0, 3).map(({ reason }) => reason);
  const rest = failures.length > 3 ? ` And ${failures.length - 3} more.` : "";
  return [
    `${source}: ${failures.length} of ${total} images cannot be read, and are left out. ${shown.join(" ")}${rest}`,
  ];
}
