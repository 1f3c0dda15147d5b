// A frozen layer comes out of updates as it went in.
import { adamw, createTrainer, frozen, mse } from "@hooke/core";
import { type HostArray, type Tree, zeros } from "@hooke/runtime";
import { evaluate, type LayerCheck, setUp } from "../case.ts";
import { treeDifferences } from "../compare.ts";

/** `frozen(layer)` keeps parameters and running statistics, bit for bit, through updates with weight decay. */
export const frozenLayer: LayerCheck = async (entry, { backend }) => {
  const { variables, x, extras } = await setUp(entry, backend);
  const { output } = await evaluate(backend, entry.layer, { variables, x, extras }, false);
  const trainer = createTrainer({
    backend,
    model: frozen(entry.layer),
    loss: mse(),
    seed: 0,
    variables,
    optimizer: adamw({ weightDecay: 0.1 }),
  });
  const batch = { inputs: x, targets: zeros(output.shape), extras };
  const problems: string[] = [];
  const update = await trainer.prepare(batch);
  for (const step of [1, 2]) {
    const loss = update.run(batch, { step, learningRate: 0.1 });
    const [value] = (await backend.read(loss)).data;
    backend.free(loss);
    // A loss that is not finite keeps everything, frozen or not.
    if (!Number.isFinite(value)) problems.push(`the loss of update ${step} is ${value}`);
  }
  const { params, state } = await trainer.read();
  trainer.free();
  const changes = treeDifferences({ params, state } as Tree<HostArray>, variables as unknown as Tree<HostArray>);
  return [...problems, ...changes.map((problem) => `though frozen, ${problem}`)];
};
