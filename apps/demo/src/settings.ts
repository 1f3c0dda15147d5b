// What a training is decided by, and how it is written in the address so that a link restores it.
import { type ActivationName, activationNames } from "@hooke/core";

/** The activations that act element by element: those a hidden layer takes and a curve can show. */
export const activations: readonly ActivationName[] = activationNames.filter((name) => !/softmax/i.test(name));

export interface Settings {
  readonly backend: string;
  readonly width: number;
  readonly depth: number;
  readonly activation: ActivationName;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly epochs: number;
  readonly seed: number;
}

/** The chapter's network and training. */
export const defaults: Settings = {
  backend: "auto",
  width: 64,
  depth: 2,
  activation: "relu",
  learningRate: 1e-3,
  weightDecay: 1e-4,
  epochs: 200,
  seed: 42,
};

export const labels: Readonly<Record<keyof Settings, string>> = {
  backend: "Backend",
  activation: "Activation",
  width: "Hidden width",
  depth: "Hidden layers",
  learningRate: "Learning rate",
  weightDecay: "Weight decay",
  epochs: "Epochs",
  seed: "Seed",
};

export type NumberName = Exclude<keyof Settings, "backend" | "activation">;

/** Smallest and largest value, and whether it is a whole number. */
export const ranges: Readonly<Record<NumberName, readonly [min: number, max: number, whole: boolean]>> = {
  width: [1, 512, true],
  depth: [1, 8, true],
  learningRate: [0.000001, 10, false],
  weightDecay: [0, 1, false],
  epochs: [1, 10_000, true],
  seed: [0, 4_294_967_295, true],
};

export function accepts(name: NumberName, value: number): boolean {
  const [min, max, whole] = ranges[name];
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}

export function toHash(settings: Settings): string {
  return `#${new URLSearchParams(Object.keys(defaults).map((name) => [name, String(settings[name as keyof Settings])]))}`;
}

/** Settings from an address; what is missing or out of range keeps its default. */
export function fromHash(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const numbers = Object.fromEntries(
    (Object.keys(ranges) as NumberName[]).flatMap((name) => {
      const text = given.get(name);
      return text && accepts(name, Number(text)) ? [[name, Number(text)]] : [];
    }),
  );
  const activation = activations.find((name) => name === given.get("activation")) ?? defaults.activation;
  return { ...defaults, ...numbers, activation, backend: given.get("backend") || defaults.backend };
}

/** What sets some settings apart from others, in words: `hidden width 32, seed 7`; empty where nothing does. */
export function difference(settings: Settings, others: Settings): string {
  return (Object.keys(labels) as (keyof Settings)[])
    .filter((name) => settings[name] !== others[name])
    .map((name) => `${labels[name].toLowerCase()} ${settings[name]}`)
    .join(", ");
}
