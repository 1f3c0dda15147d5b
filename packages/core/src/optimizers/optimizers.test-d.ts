// Types of optimizers and losses: wrong options and chains in the wrong order are compile errors.
import { crossEntropy } from "../losses/cross-entropy.ts";
import type { Loss } from "../losses/loss.ts";
import { huber, mse } from "../losses/regression.ts";
import { accumulate } from "./accumulate.ts";
import { adam, adamw } from "./adam.ts";
import { clipByGlobalNorm, clipByValue } from "./clip.ts";
import { groups } from "./groups.ts";
import { chain, type Optimizer } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

export const valid: readonly Optimizer[] = [
  adam(),
  chain(clipByValue(1), clipByGlobalNorm(1), adamw({ weightDecay: 0.1 })),
  accumulate(2, chain(rmsprop())),
  groups([{ paths: "**.bias", optimizer: sgd() }], chain(clipByValue(1), sgd({ momentum: 0.9, nesterov: true }))),
];

// @ts-expect-error an optimizer ends a chain
chain(clipByValue(1));
// @ts-expect-error an optimizer stands nowhere but at the end
chain(adam(), clipByValue(1));
// @ts-expect-error one optimizer
chain(adam(), sgd());
// @ts-expect-error an unknown option
adam({ betas: [0.9, 0.999] });
// @ts-expect-error the learning rate is an input of the step
sgd({ learningRate: 0.1 });

export const losses: readonly Loss[] = [mse(), huber({ delta: 2 }), crossEntropy({ labelSmoothing: 0.1 })];

// @ts-expect-error an unknown option
crossEntropy({ smoothing: 0.1 });
// @ts-expect-error no options
mse({ delta: 1 });
