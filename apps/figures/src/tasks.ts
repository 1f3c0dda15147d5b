// What is computed for figures, by name: each in a file that is loaded when it is asked for, in a worker.

export const tasks = {
  activations: () => import("./activations/compute.ts"),
  advisor: () => import("./advisor/compute.ts"),
  approximation: () => import("./approximation/compute.ts"),
  beam: () => import("./beam/compute.ts"),
  descent: () => import("./descent/compute.ts"),
  "double-descent": () => import("./double-descent/compute.ts"),
  "first-model": () => import("./first-model/compute.ts"),
  "flat-minima": () => import("./flat-minima/compute.ts"),
  memory: () => import("./memory/compute.ts"),
  overfitting: () => import("./overfitting/compute.ts"),
  "receptive-field": () => import("./receptive-field/compute.ts"),
  residual: () => import("./residual/compute.ts"),
  "vanishing-gradients": () => import("./vanishing-gradients/compute.ts"),
};

export type TaskName = keyof typeof tasks;

type Compute<Name extends TaskName> = Awaited<ReturnType<(typeof tasks)[Name]>>["compute"];

/** What a task is computed from. */
export type Settings<Name extends TaskName> = Parameters<Compute<Name>>[0];

/** What a task computes. */
export type Result<Name extends TaskName> = Awaited<ReturnType<Compute<Name>>>;
