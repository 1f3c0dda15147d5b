// What is learned of which micrographs, by what; and what follows from that alone.
import type { Morphology } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { backend, choice, real, type SettingsOf, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  property: choice(
    "Property to predict",
    "modulus",
    ["modulus", "fraction", "structure"],
    (option) =>
      ({ modulus: "effective modulus", fraction: "share of the stiff phase", structure: "kind of structure" })[option],
  ),
  learner: choice("Learner", "network", ["network", "textureNet"], (option) =>
    option === "network" ? "a network, trained here" : "textureNet, pretrained",
  ),
  symmetry: choice(
    "Declared symmetry",
    "isotropic",
    ["isotropic", "fibres", "none"],
    (option) =>
      ({
        isotropic: "isotropic: turn, mirror, move",
        fibres: "fibres along x: mirror, move",
        none: "none: images as they are",
      })[option],
  ),
  side: choice("Points along an edge", "32", ["32", "64"]),
  images: whole("Micrographs", 300, { least: 40, most: 1000 }),
  stretch: real("Stretched along x", 1, { least: 1, most: 4 }),
  epochs: whole("Epochs", 20, { least: 1, most: 500 }),
  learningRate: real("Learning rate", 1e-3, { least: 1e-6, most: 1 }),
  seed: whole("Seed", 0, { least: 0, most: 4_294_967_295 }),
};

export type Settings = SettingsOf<typeof fields>;

/** Kinds of structure, in the order of their labels. */
export const kinds: readonly Morphology[] = ["bicontinuous", "islands", "walls"];

/** Shares of the stiff phase that are drawn. */
export const fractions: readonly [number, number] = [0.3, 0.7];

export const sideOf = ({ side }: Settings): number => Number(side);
/** Whether kinds are told apart; else a number is predicted. */
export const isClass = ({ property }: Settings): boolean => property === "structure";
export const heldOutOf = ({ images }: Settings): number => Math.ceil(images / 5);

/** Rows of the micrographs. The first fifth is held out. */
export function partsOf(settings: Settings): { readonly heldOut: number[]; readonly train: number[] } {
  const rows = Array.from({ length: settings.images }, (_, i) => i);
  const held = heldOutOf(settings);
  return { heldOut: rows.slice(0, held), train: rows.slice(held) };
}
