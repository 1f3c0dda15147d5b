// The declared symmetry decides what is allowed, and every refusal says why.
import { array, randomKey, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type AugmentOptions, augment } from "./augment.ts";
import type { TargetKind } from "./components.ts";
import type { MaterialSymmetry } from "./symmetry.ts";
import type { Transform } from "./transform.ts";
import { adjustIntensity, flip, rotate, rotate90, translate } from "./transforms.ts";

describe("the declared symmetry decides", () => {
  const allowed = (material: MaterialSymmetry, transform: Transform, dimensions: 2 | 3 = 2): boolean => {
    try {
      augment({ symmetry: { material }, transforms: [transform], dimensions });
      return true;
    } catch (error) {
      expect((error as Error).message).toMatch(
        /^augment: \w+ is not allowed for data declared .*: it .*\. A sample changed/,
      );
      return false;
    }
  };
  const along = (axis: "x" | "y" | "z"): MaterialSymmetry => ({ transverselyIsotropic: axis });

  it.each<[string, MaterialSymmetry, Transform, 2 | 3, boolean]>([
    ["isotropic: quarter turns", "isotropic", rotate90(), 2, true],
    ["isotropic: any turn", "isotropic", rotate(), 3, true],
    ["isotropic: mirrors", "isotropic", flip(), 2, true],
    ["fibres along x: quarter turns", along("x"), rotate90(), 2, false],
    ["fibres along x: any turn", along("x"), rotate(), 2, false],
    ["fibres along x: mirrors", along("x"), flip(), 2, true],
    ["a section across the fibres: any turn", along("z"), rotate(), 2, true],
    ["fibres along z in a volume: turns about z", along("z"), rotate({ plane: "xy" }), 3, true],
    ["fibres along z in a volume: turns about x", along("z"), rotate90({ plane: "yz" }), 3, false],
    ["fibres along z in a volume: turns in any plane", along("z"), rotate90(), 3, false],
    ["orthotropic: quarter turns", "orthotropic", rotate90(), 2, false],
    ["orthotropic: mirrors", "orthotropic", flip(), 3, true],
    ["none: mirrors", "none", flip(), 2, false],
    ["none: mirrors of one axis", "none", flip({ axes: ["x"] }), 2, false],
  ])("%s", (_, material, transform, dimensions, expected) => {
    expect(allowed(material, transform, dimensions)).toBe(expected);
  });

  it("over shifts and intensities", () => {
    const make = (symmetry: object, transform: Transform) => () =>
      augment({ symmetry: { material: "none", ...symmetry } as never, transforms: [transform] });
    expect(make({}, translate())).toThrow("declare periodic: true if they do");
    expect(make({ periodic: true }, translate())).not.toThrow();
    const turned = { material: "isotropic" as const };
    expect(make(turned, rotate({ beyond: "periodic" }))).toThrow(
      "rotate assumes that images continue on their opposite",
    );
    expect(make({ ...turned, periodic: true }, rotate({ beyond: "periodic" }))).not.toThrow();
    expect(make(turned, rotate())).not.toThrow();
    expect(make({}, adjustIntensity({ gain: 0.1 }))).toThrow('Declare intensity: "uncalibrated"');
    expect(make({ intensity: "uncalibrated" }, adjustIntensity({ gain: 0.1 }))).not.toThrow();
  });

  it("over the order: what a turn ends, nothing behind it may assume", () => {
    const make =
      (...transforms: Transform[]) =>
      () =>
        augment({ symmetry: { material: "isotropic", periodic: true }, transforms });
    expect(make(rotate(), translate())).toThrow(
      "augment: translate assumes that images continue on their opposite side, which they do no more after rotate. " +
        "Put translate in front of rotate.",
    );
    expect(make(rotate(), flip(), rotate({ beyond: "periodic" }))).toThrow("Put rotate in front of rotate.");
    expect(make(translate(), rotate90(), translate(), rotate({ beyond: "periodic" }))).not.toThrow();
  });

  it("over sides of different length, whatever is drawn", () => {
    const run =
      (transform: Transform, shape: readonly number[], dimensions: 2 | 3 = 2) =>
      (): unknown =>
        augment({ symmetry: { material: "isotropic" }, transforms: [transform], dimensions })(
          { inputs: zeros(shape), targets: zeros([1, 1]) },
          still,
        );
    // With this key no quarter turn is drawn.
    const still = randomKey(seedOfNoTurn());
    expect(run(rotate90(), [1, 2, 2, 1])).not.toThrow();
    expect(run(rotate90(), [1, 2, 3, 1])).toThrow(
      "augment: rotate90 exchanges axes of 2 and 3 points; crop the images to equal sides, or leave the turn out.",
    );
    expect(run(flip(), [1, 2, 3, 1])).not.toThrow();
    expect(run(rotate(), [1, 2, 3, 1])).not.toThrow();
    expect(run(rotate90(), [1, 3, 2, 2, 1], 3)).toThrow("rotate90 exchanges axes of");
    expect(run(rotate90({ plane: "xy" }), [1, 3, 2, 2, 1], 3)).not.toThrow();
  });

  it.each<[unknown, RegExp]>([
    [{ transforms: [flip()] }, /option "symmetry" is missing/],
    [
      { symmetry: { material: "cubic" }, transforms: [flip()] },
      /option "symmetry": symmetry: option "material" is "cubic"; expected "isotropic"/,
    ],
    [{ symmetry: { material: "isotropic" }, transforms: [] }, /expected a list of transforms/],
    [
      { symmetry: { material: "isotropic" }, transforms: [flip()], target: "strss" },
      /option "target" is "strss"; expected one of "scalar", "vector"/,
    ],
    [{ symmetry: { material: "isotropic" }, transforms: [flip({ axes: ["z"] })] }, /mirrors the axis z/],
    [{ symmetry: { material: "isotropic" }, transforms: [rotate({ plane: "xz" })] }, /turns in the plane xz/],
    [
      { symmetry: { material: "isotropic", perodic: true }, transforms: [flip()] },
      /received the unknown option "perodic".* Did you mean "periodic"/,
    ],
    [{ symmetry: "isotropic", transforms: [flip()] }, /option "symmetry": symmetry: received "isotropic"/],
    [
      { symmetry: { material: "isotropic" }, transforms: [{ name: "mine", draw: flip().draw }] },
      /option "transforms": transform 0: option "maps" is missing/,
    ],
    [
      { symmetry: { material: "isotropic" }, transforms: [{ ...flip(), assume: "periodic" }] },
      /transform 0: received the unknown option "assume"/,
    ],
    [{ symmetry: { material: "isotropic" }, transforms: [flip()], field: 1 }, /option "field" is 1; expected true or/],
  ])("bad options %#", (options, message) => {
    expect(() => augment(options as AugmentOptions)).toThrow(message);
  });
});

/** A seed with which a 2 x 2 image of four different values stays as it is. */
function seedOfNoTurn(): number {
  const turn = augment({ symmetry: { material: "isotropic" }, transforms: [rotate90()] });
  const inputs = array([
    [
      [[1], [2]],
      [[3], [4]],
    ],
  ]);
  for (let seed = 0; ; seed++) {
    if (turn({ inputs, targets: zeros([1, 1]) }, randomKey(seed)).inputs.data.join() === "1,2,3,4") return seed;
  }
}

describe("targets", () => {
  const symmetry = { material: "isotropic" } as const;
  const inputs = array([
    [
      [[1], [2]],
      [[3], [4]],
    ],
  ]);

  it("with the image's grid are fields only where that is said", () => {
    const turn = (field?: boolean) =>
      augment({ symmetry, transforms: [flip({ axes: ["x"] })], ...(field !== undefined && { field }) });
    const batch = { inputs, targets: inputs };
    expect(() => turn()(batch, randomKey(0))).toThrow(
      "augment: received targets f32[1, 2, 2, 1] with the grid of the images f32[1, 2, 2, 1]. Say whether they are fields on it: " +
        "field: true moves them with the image, field: false takes them for values of the image as a whole.",
    );
    expect(() => turn()({ inputs, targets: zeros([1, 2, 2]) }, randomKey(0))).toThrow("Say whether they are fields");
    for (let seed = 0; seed < 8; seed++) {
      const moved = turn(true)(batch, randomKey(seed));
      expect(moved.targets).toEqual(moved.inputs);
      expect(turn(false)(batch, randomKey(seed)).targets).toEqual(inputs);
    }
    expect(() => turn(true)({ inputs, targets: zeros([1, 3, 2, 1]) }, randomKey(0))).toThrow("on another grid than");
  });

  it("of scalars may be classes; what turns or moves may not", () => {
    const classes = array([2], { dtype: "i32" });
    const turn = augment({ symmetry, transforms: [rotate90()] });
    expect(turn({ inputs, targets: classes }, randomKey(1)).targets).toEqual(classes);
    const vectors = augment({ symmetry, transforms: [rotate90()], target: "vector" });
    expect(() => vectors({ inputs, targets: zeros([1, 2], "i32") }, randomKey(1))).toThrow(
      "augment: received targets i32[1, 2]; what moves or turns must be f32 or f64.",
    );
    const masks = augment({ symmetry, transforms: [rotate90()], field: true });
    expect(() => masks({ inputs, targets: zeros([1, 2, 2, 1], "i32") }, randomKey(1))).toThrow("must be f32 or f64");
  });

  it("have as many rows as the images", () => {
    const turn = augment({ symmetry, transforms: [flip()] });
    expect(() => turn({ inputs, targets: zeros([2, 1]) }, randomKey(0))).toThrow("they have as many rows");
  });
});

// Every kind of target has as many components as its matrices say.
const kinds: readonly TargetKind[] = ["vector", "stress", "strain", "stiffness", "compliance"];
it.each(kinds)("targets of the wrong width are refused: %s", (target) => {
  const turn = augment({ symmetry: { material: "isotropic" }, transforms: [flip()], target });
  expect(() => turn({ inputs: zeros([1, 4, 4, 1]), targets: zeros([1, 4]) }, randomKey(0))).toThrow(
    new RegExp(`a ${target} in 2 dimensions has \\d components`),
  );
});
