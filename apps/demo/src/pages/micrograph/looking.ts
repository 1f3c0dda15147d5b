// Where a network looks: what each position of a layer inside of it adds to one of its outputs.
import { applyTapped, type TrainedModel, type Variables } from "@hooke/core";
import { type Backend, grad, type HostArray, mul, run, sliceAxis, sum, type Tensor } from "@hooke/runtime";

/** What is asked of a network. */
export interface LookOptions {
  readonly backend: Backend;
  /** Path of the layer, as `summary` lists them; its output is `[batch, rows, columns, channels]`. */
  readonly layer: string;
  /** Which output of the network: 0 where there is one. */
  readonly output: number;
}

/**
 * The layer's output times the slope of the network's output in it, summed over channels, `[rows, columns]`: above 0 where it raises the
 * output, below where it lowers it, to first order. Where the rest of the network is an average and a linear function, these add up to the
 * output less its bias. As Selvaraju et al., "Grad-CAM", ICCV 2017, without averaging the slope over positions first, so that what is
 * shown is what counts: Draelos and Carin, "HiResCAM", 2020.
 *
 * @param image `[1, height, width, channels]`, as the network takes it. Of a layer that sees copies of the image, the first is shown.
 */
export async function look(
  { layer: network, variables }: TrainedModel,
  image: HostArray,
  { backend, layer, output }: LookOptions,
): Promise<HostArray> {
  const pulls = (variables: Variables, x: Tensor): Tensor => {
    const seen = applyTapped(network, variables, x, { taps: [layer] }).taps[layer]!;
    const slope = grad((given: Tensor) => {
      const { output: all } = applyTapped(network, variables, x, { given: { [layer]: given } });
      return sum(sliceAxis(all, 1, output, output + 1));
    })(seen);
    return sum(sliceAxis(mul(seen, slope), 0, 0, 1), { axes: [0, 3] });
  };
  return (await run(backend, pulls as never, variables as never, image as never)) as unknown as HostArray;
}
