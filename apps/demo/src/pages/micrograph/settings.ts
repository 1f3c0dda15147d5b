// What is learned of which micrographs, by what; and what follows from that alone.
import type { Morphology } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { backend, choice, real, type SettingsOf, text, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  /** A set of pictures that was dropped, of which `measured` is learned; empty while there is none. */
  pictures: text("Pictures"),
  /** What was measured of them, and its unit. */
  quantity: text("Measured"),
  unit: text("Unit"),
  property: choice(
    "Property to predict",
    "modulus",
    ["modulus", "fraction", "structure", "measured"],
    (option) =>
      ({
        modulus: "effective modulus",
        fraction: "share of the stiff phase",
        structure: "kind of structure",
        measured: "measured of your pictures",
      })[option],
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
  phase: choice("The stiff phase of pictures is", "dark", ["dark", "bright"]),
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
/** Whether pictures that were dropped are learned; else micrographs that are drawn. */
export const isMeasured = ({ property }: Settings): boolean => property === "measured";
/** Whether kinds are told apart; else a number is predicted. */
export const isClass = ({ property }: Settings): boolean => property === "structure";
export const heldOutOf = ({ images }: Settings): number => Math.ceil(images / 5);

/** Rows of the micrographs. The first fifth is held out: drawn ones are alike, and pictures stand in an order by chance. */
export function partsOf(settings: Settings): { readonly heldOut: number[]; readonly train: number[] } {
  const rows = Array.from({ length: settings.images }, (_, i) => i);
  const held = heldOutOf(settings);
  return { heldOut: rows.slice(0, held), train: rows.slice(held) };
}
