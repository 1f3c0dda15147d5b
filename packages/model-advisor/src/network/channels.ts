// Channels of arrays on one scale: what networks of steps and pixels are given.
import { type Form, forms, spreadOf } from "@hooke/baselines";
import type { HostArray } from "@hooke/runtime";

/** By channel: what is taken away, and what the rest is divided by, 1 where all is the same. */
export type Scales = { readonly means: readonly number[]; readonly scales: readonly number[] };

/** Expects scales. */
export const scalesForm = (): Form<Scales> =>
  forms.record({ means: forms.list(forms.number), scales: forms.list(forms.number) });

/** Scales of `[rows, ..., channels]`, over all that is not missing. */
export function scalesOf({ shape, data }: HostArray): Scales {
  const channels = shape.at(-1)!;
  const spreads = Array.from({ length: channels }, (_, c) =>
    spreadOf(Array.from(data).filter((value, i) => i % channels === c && !Number.isNaN(value))),
  );
  return { means: spreads.map(({ mean }) => mean), scales: spreads.map(({ scale }) => scale || 1) };
}

/** `[rows, ..., channels]` on these scales; 0, the mean, where something is missing. */
export function scaled({ shape, data }: HostArray, { means, scales }: Scales): HostArray {
  const channels = means.length;
  const values = Float64Array.from(data, (value, i) => {
    const c = i % channels;
    return Number.isNaN(value) ? 0 : (value - means[c]!) / scales[c]!;
  });
  return { shape, dtype: "f64", data: values };
}
