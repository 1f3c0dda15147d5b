// How far images are from those a network was trained on: by their features, image by image.
import type { Rows } from "@hooke/baselines/linear";
import { hostArrayCheck } from "@hooke/data";
import { checkArgument, fail, type HostArray } from "@hooke/runtime";
import { fitScaling, rowsOf, scaled } from "../linear/rows.ts";

/** What {@link domainDistance} found. */
export interface DomainDistance {
  /** The fraction of images farther from the nearest image of the pretraining than 95 % of those are from one another: 0.05 where both are alike. */
  readonly outside: number;
  /** A sentence where that is more than half. */
  readonly warning?: string;
}

/**
 * Tells how many images are strange to a network.
 *
 * @param images their features, `[images, width]` or `[images, views, width]`
 * @param pretraining features of images that the network was trained on, of the same layer and views; some hundreds will do
 * @throws on features of different widths, and on fewer than 20 images of the pretraining
 */
export function domainDistance(images: HostArray, pretraining: HostArray): DomainDistance {
  checkArgument("domainDistance", "the images", images, hostArrayCheck);
  checkArgument("domainDistance", "the images of the pretraining", pretraining, hostArrayCheck);
  const known = rowsOf("domainDistance", pretraining);
  const own = rowsOf("domainDistance", images);
  if (own.width !== known.width) {
    const widths = `${own.width} features of the images, ${known.width} of the pretraining's`;
    fail("domainDistance", `received ${widths}; give those of one layer.`, "mismatch");
  }
  if (known.count < 20) {
    fail("domainDistance", `received ${known.count} images of the pretraining; give 20 at least.`, "invalid-data");
  }
  const scaling = fitScaling("domainDistance", known);
  const [a, b] = [scaled(own, scaling), scaled(known, scaling)];
  const among = nearest(b, b, true).sort();
  const usual = among[Math.ceil(0.95 * among.length) - 1]!;
  const outside = nearest(a, b, false).filter((distance) => distance > usual).length / own.count;
  const warning =
    `${Math.round(100 * outside)} % of the images are farther from those of the pretraining than 95 % of these are from one another: ` +
    "compare with features made by hand and with training from scratch before you trust the transfer.";
  return { outside, ...(outside > 0.5 && { warning }) };
}

/** The squared distance of each row to the nearest other one. */
function nearest(rows: Rows, others: Rows, same: boolean): Float64Array {
  const { width } = rows;
  return Float64Array.from({ length: rows.count }, (_, i) => {
    let least = Infinity;
    for (let j = 0; j < others.count; j++) {
      if (same && i === j) continue;
      let sum = 0;
      for (let k = 0, [p, q] = [i * width, j * width]; k < width; k++, p++, q++) {
        sum += (rows.data[p]! - others.data[q]!) ** 2;
      }
      least = Math.min(least, sum);
    }
    return least;
  });
}
