// What a declared symmetry allows: each transform is checked against it, and against what the transforms before it have
// left.
import { fail, type Shape } from "@hooke/runtime";
import { exchangedSides } from "./grid.ts";
import { nameOf, objection, type Symmetry } from "./symmetry.ts";
import type { Transform } from "./transform.ts";

/** @throws on a transform that assumes more than is declared, or than is left, with the reason */
export function checkAllowed(transforms: readonly Transform[], symmetry: Symmetry, dimensions: number): void {
  for (const [i, transform] of transforms.entries()) {
    checkDirections(transform, symmetry, dimensions);
    checkAssumption(transform, symmetry);
    const before = transforms.slice(0, i).find(({ ends }) => ends !== undefined && ends === transform.assumes);
    if (before === undefined) continue;
    fail(
      "augment",
      `${transform.name} assumes that images continue on their opposite side, which they do no more after ${before.name}. ` +
        `Put ${transform.name} in front of ${before.name}.`,
    );
  }
}

/** @throws on images that a quarter turn would turn into images of another shape, whether or not it is drawn */
export function checkSides(transforms: readonly Transform[], spatial: Shape, dimensions: number): void {
  for (const { name, maps } of transforms) {
    for (const map of maps(dimensions)) {
      const sides = exchangedSides(spatial, map);
      if (sides === undefined) continue;
      fail("augment", `${name} ${sides}; crop the images to equal sides, or leave the turn out.`, "mismatch");
    }
  }
}

function checkDirections({ name, maps }: Transform, { material }: Symmetry, dimensions: number): void {
  for (const map of maps(dimensions)) {
    const reason = objection(material, map);
    if (reason === undefined) continue;
    fail(
      "augment",
      `${name} is not allowed for data declared ${nameOf(material)}: ${reason}. A sample changed this way is none that the ` +
        "material could give. Leave the transform out, narrow it with its options, or declare the symmetry that holds.",
    );
  }
}

function checkAssumption({ name, assumes }: Transform, symmetry: Symmetry): void {
  const { periodic = false, intensity = "calibrated" } = symmetry;
  if (assumes === "periodic" && !periodic) {
    fail("augment", `${name} assumes that images continue on their opposite side; declare periodic: true if they do.`);
  }
  if (assumes === "uncalibrated intensity" && intensity === "calibrated") {
    fail(
      "augment",
      `${name} changes intensities, which are declared calibrated (the default): they may be phases or densities. ` +
        'Declare intensity: "uncalibrated" if only their pattern counts.',
    );
  }
}
