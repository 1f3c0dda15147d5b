// Forces as the slope of an energy, and the loss of both.
import { defineLayer, isLayer, type Layer, type Loss, mse, sequenceLengths, statefulLayer } from "@hooke/core";
import {
  array,
  broadcastTo,
  checkOptions,
  checks,
  concat,
  convert,
  describe,
  div,
  fail,
  HookeError,
  mul,
  neg,
  reshape,
  sum,
  type Tensor,
  valueAuxAndGrad,
} from "@hooke/runtime";
import { positionsOf } from "./geometry.ts";

/**
 * Energies and forces of a model of energies, `[rows, nodes, ...]` to `[rows, nodes, 4]`: for each node the energy per node of its graph, then the force on
 * it, the negative derivative of its graph's energy by its position (extra `positions`, `[rows, nodes, 3]`). Their targets are those of
 * {@link graphDataset} with `energies` and `forces`, their loss {@link energyForceLoss}; trained on both, it needs second derivatives, which are exact.
 *
 * The option is the layer whose output is the energy of each graph, `[rows, 1]`, in the unit of the targets. Its variables are under `energy`.
 *
 * @throws on layers with running statistics, such as `batchNorm`, also inside of `gin`
 */
export const energyForces = /* @__PURE__ */ defineLayer({
  type: "energyForces",
  children: (energy: Layer) => {
    if (!isLayer(energy)) fail("energyForces", "expected a layer, such as painn({ outputs: 1, cutoff: 5 }).");
    const stateful = statefulLayer(energy);
    if (stateful !== undefined) {
      const why = `received ${stateful} inside, whose statistics make the energy of a graph depend on others`;
      fail("energyForces", `${why}; take layerNorm, or a model without: schnet, painn, egnn.`, "unsupported");
    }
    return { energy };
  },
  apply: ({ children: { energy }, extras }, x) => {
    if (x.rank !== 3)
      throw new HookeError(`expected nodes [rows, nodes, ...], received ${describe(x)}.`, { code: "mismatch" });
    const [rows, nodes] = x.shape as [number, number];
    const lengths = sequenceLengths(extras.lengths, x);
    const total = (positions: Tensor): readonly [Tensor, Tensor] => {
      const energies = energy(x, { positions });
      if (energies.shape.join() !== `${rows},1`) {
        throw new HookeError(`expected energies [${rows}, 1] of the layer inside, received ${describe(energies)}.`, {
          code: "mismatch",
        });
      }
      return [sum(energies), energies];
    };
    const positions = positionsOf(extras, x);
    // Variables are made at their first use, which may not be inside of what is differentiated; the result is not used, nor computed.
    energy(x);
    const [, energies, slopes] = valueAuxAndGrad(total)(positions);
    const sizes = lengths === undefined ? nodes : reshape(convert(lengths, energies.dtype), [rows, 1]);
    const perNode = broadcastTo(reshape(div(energies, sizes), [rows, 1, 1]), [rows, nodes, 1]);
    return concat([perNode, neg(slopes)], 2);
  },
});

/** Options of {@link energyForceLoss}. */
export interface EnergyForceLossOptions {
  /** What the squared error of the energy per node counts. Default 1. */
  readonly energy?: number;
  /** What the mean squared error of a force's components counts. Default 1. */
  readonly forces?: number;
}

/** `energy (error of the energy per node)^2 + forces (mean squared error of the components of forces)`, the mean over nodes, of {@link energyForces}. */
export function energyForceLoss(options: EnergyForceLossOptions = {}): Loss {
  checkOptions<EnergyForceLossOptions>("energyForceLoss", options, {
    optional: { energy: checks.nonNegative, forces: checks.nonNegative },
  });
  const { energy = 1, forces = 1 } = options;
  const squared = mse();
  // The mean over the four columns is divided by 4, that of the three components by 3.
  const factors = [energy * 4, ...[1, 2, 3].map(() => (forces * 4) / 3)].map(Math.sqrt);
  return (predictions, targets, weights) => {
    const scaled = (x: Tensor): Tensor => mul(x, array(factors, { dtype: predictions.dtype as "f32" }));
    return squared(scaled(predictions), scaled(convert(targets, predictions.dtype)), weights);
  };
}
