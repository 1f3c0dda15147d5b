// A network prepared once for each size of image, on variables that stay where they are.
import { apply, applyTapped, precisionOf, type TrainedModel, type Variables } from "@hooke/core";
import { inPrecision, preprocessInputs } from "@hooke/data";
import {
  type Backend,
  type Buffer,
  describe,
  type Executable,
  type HostArray,
  optimize,
  record,
  type Tensor,
  type Tree,
  uploadAll,
  zeros,
} from "@hooke/runtime";
import { featuresOfViews, type Views } from "../model/views.ts";

/** Computes features of batches of images. */
export interface Extractor {
  /** Images as the network gets them: preprocessed, in its precision. */
  prepare(images: HostArray): HostArray;
  /** `[batch, height, width, channels]` to `[batch, views, width]`. One program serves every batch of one shape. */
  run(images: HostArray): Promise<HostArray>;
  free(): void;
}

export function createExtractor(model: TrainedModel, backend: Backend, path: string, views: Views): Extractor {
  const { layer, variables, preprocessing } = model;
  const precision = precisionOf(variables);
  const buffers = uploadAll(backend, [variables.params, variables.state] as Tree<HostArray>);
  const prepared = new Map<string, Promise<{ readonly executable: Executable; readonly images: Buffer }>>();
  const forward = (given: Variables, x: Tensor): Tensor =>
    featuresOfViews(x, views, (images) =>
      path === ""
        ? apply(layer, given, images).output
        : applyTapped(layer, given, images, { taps: [path] }).taps[path]!,
    );
  const prepare = async (images: HostArray) => {
    const { program } = record(forward as (...args: unknown[]) => Tensor, variables, images);
    return {
      executable: await backend.prepare(optimize(program)),
      images: backend.upload(zeros(images.shape, images.dtype)),
    };
  };
  return {
    prepare(images) {
      const changed = preprocessing === undefined ? images : preprocessInputs(preprocessing, images);
      return inPrecision(changed, precision, "features");
    },
    async run(images) {
      const key = describe(images);
      const pending = prepared.get(key) ?? prepare(images);
      prepared.set(key, pending);
      const { executable, images: buffer } = await pending;
      backend.write(buffer, images);
      const [output] = executable.run([...buffers, buffer]);
      try {
        return await backend.read(output!);
      } finally {
        backend.free(output!);
      }
    },
    free() {
      for (const pending of prepared.values()) {
        // One that failed to prepare has nothing to release; its error is the caller's already.
        void pending.then(
          ({ executable, images }) => {
            executable.free();
            backend.free(images);
          },
          () => undefined,
        );
      }
      for (const buffer of buffers) backend.free(buffer);
    },
  };
}
