// Mapping convolutions. Where one operand is the same in every row, the rows are more images, or more channels inside each group;
// where both are mapped, every row is a group of its own.
import type { ConvParams } from "../../primitives/params.ts";
import { apply, type BatchRule, type BatchRules, foldRows, mapped, unfoldRows } from "./rule.ts";

type Name = "conv" | "convInputGradient" | "convKernelGradient";

/** Where the rows go: an axis of an array of one row, and whether inside each of the node's groups. */
interface Place {
  readonly axis: "images" | "channels" | "inputs";
  readonly grouped?: boolean;
}

/** Rows of one operand, and where they are in the result. */
interface Route {
  readonly from: Place;
  readonly to: Place;
}

const axisOf = ({ axis }: Place, rank: number): number =>
  axis === "images" ? 0 : axis === "channels" ? rank - 1 : rank - 2;

const images: Place = { axis: "images" };
const channels: Place = { axis: "channels" };
const grouped: Place = { axis: "channels", grouped: true };
/** The input channels of a kernel, which it has for one group. */
const inputs: Place = { axis: "inputs" };

function convolved<K extends Name>(first: Route, second: Route): BatchRule<K> {
  return ([a, b], node, rows) => {
    const params = node.params as ConvParams;
    const { shape } = node.outputs[0]!;
    const both = a!.mapped && b!.mapped;
    const { from, to } = both ? { from: channels, to: channels } : a!.mapped ? first : second;
    const groupsOf = (place: Place): number => (place.grouped ? params.groups : 1);
    const operands = [a!, b!].map(({ tensor, mapped: has }) =>
      has ? foldRows(tensor, axisOf(from, tensor.rank - 1), groupsOf(from)) : tensor,
    );
    const [result] = apply(node, operands, both ? { ...node.params, groups: params.groups * rows } : node.params);
    return [mapped(unfoldRows(result!, axisOf(to, shape.length), rows, shape, groupsOf(to)))];
  };
}

export const convolution: BatchRules<Name> = /* @__PURE__ */ (() => ({
  conv: convolved({ from: images, to: images }, { from: grouped, to: grouped }),
  convInputGradient: convolved({ from: images, to: images }, { from: inputs, to: grouped }),
  convKernelGradient: convolved({ from: grouped, to: inputs }, { from: grouped, to: grouped }),
}))();
