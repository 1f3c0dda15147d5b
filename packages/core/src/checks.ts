// Checks of layer options, for authors of layers: `options: { required: { filters: checks.count } }`.
export { initializer } from "./initializers/initializer.ts";
export { count, finite, flag, fraction, nonNegative, oneOf, positive } from "./layer/options.ts";
export { activationCheck as activation } from "./layers/activation.ts";
