// The globals that a pickle may name, and what is made of them: those of `torch.load(weights_only=True)` that states of models need.
// Source: PyTorch 2.13, torch/_weights_only_unpickler.py and torch/_utils.py
import type { StoredName } from "../stored-array.ts";
import { type ElementType, Global, type Refusals, Storage, TensorView, Tuple, Unread } from "./values.ts";

/** PyTorch's own limit on dimensions. */
const mostAxes = 64;

const elements: readonly (readonly [name: string, storage: string | undefined, size: number, stored?: StoredName])[] = [
  ["float32", "Float", 4, "F32"],
  ["float64", "Double", 8, "F64"],
  ["float16", "Half", 2, "F16"],
  ["bfloat16", "BFloat16", 2, "BF16"],
  ["float8_e4m3fn", undefined, 1, "F8_E4M3"],
  ["float8_e5m2", undefined, 1, "F8_E5M2"],
  ["int64", "Long", 8, "I64"],
  ["int32", "Int", 4, "I32"],
  ["int16", "Short", 2, "I16"],
  ["int8", "Char", 1, "I8"],
  ["uint8", "Byte", 1, "U8"],
  ["uint16", undefined, 2, "U16"],
  ["uint32", undefined, 4, "U32"],
  ["uint64", undefined, 8, "U64"],
  ["bool", "Bool", 1, "BOOL"],
  ["complex64", "ComplexFloat", 8],
  ["complex128", "ComplexDouble", 16],
];

/** The globals by `module.name`. */
export function allowedGlobals({ damaged, refuse }: Refusals): ReadonlyMap<string, Global> {
  const expect = (good: boolean, what: string): void => {
    if (!good) damaged(what);
  };
  const globals = new Map<string, Global>();
  const add = (name: string, call?: Global["call"], dtype?: ElementType) =>
    globals.set(name, new Global(name, call, dtype));

  for (const [name, storage, size, stored] of elements) {
    const dtype: ElementType = { name, size, stored };
    add(`torch.${name}`, undefined, dtype);
    if (storage !== undefined) add(`torch.${storage}Storage`, undefined, dtype);
  }
  add("torch.storage.UntypedStorage");

  const dictionary = (args: readonly unknown[]) => {
    const [start = new Map()] = args;
    return start instanceof Map ? start : damaged("a dictionary is made of something else");
  };
  add("collections.OrderedDict", dictionary);
  add("collections.Counter", dictionary);
  for (const [name, what] of [
    ["torch.device", "a device"],
    ["__builtin__.set", "a set"],
    ["__builtin__.complex", "a complex number"],
    ["__builtin__.bytearray", "bytes"],
    ["_codecs.encode", "bytes"],
  ] as const) {
    add(name, () => new Unread(what));
  }
  add("torch.Size", ([sizes]) => (sizes instanceof Tuple ? sizes : damaged("torch.Size is given no tuple")));

  const view = (
    args: readonly unknown[],
    dtypeOf: (storage: Storage) => ElementType | undefined,
    metadata: unknown,
  ): TensorView => {
    const [storage, offset, size, stride] = args;
    if (!(storage instanceof Storage)) return damaged("a tensor has no storage");
    const dtype = dtypeOf(storage) ?? damaged("a tensor has no dtype");
    const shape = wholeNumbers(size) ?? damaged(`the shape of a tensor is no tuple of up to ${mostAxes} whole numbers`);
    const strides =
      wholeNumbers(stride) ?? damaged(`the strides of a tensor are no tuple of up to ${mostAxes} whole numbers`);
    if (!isWhole(offset)) return damaged("the offset of a tensor is no whole number");
    const what = `a tensor of shape [${shape.join(", ")}], strides [${strides.join(", ")}] and offset ${offset}`;
    expect(shape.length === strides.length, `${what} is none`);
    // The last element that is read; beyond 2^53 it is inexact, and far outside.
    const last = shape.includes(0) ? -1 : shape.reduce((at, n, axis) => at + (n - 1) * strides[axis]!, offset);
    const held = Math.floor(storage.bytes.length / dtype.size);
    expect(last < held, `${what} ends outside of its storage, which has ${held} elements`);
    if (metadata instanceof Map && (metadata.get("neg") === true || metadata.get("conj") === true)) {
      refuse("has a tensor whose values are stored negated or conjugated (save tensor.resolve_neg().resolve_conj())");
    }
    return new TensorView(storage, dtype, offset, shape, strides);
  };
  add("torch._utils._rebuild_tensor_v2", (args) => view(args, ({ dtype }) => dtype, args[6]));
  add("torch._utils._rebuild_tensor_v3", (args) =>
    view(args, () => (args[6] instanceof Global ? args[6].dtype : undefined), args[7]),
  );
  const parameter = ([data]: readonly unknown[]) =>
    data instanceof TensorView ? data : damaged("a parameter is made of something else than a tensor");
  add("torch._utils._rebuild_parameter", parameter);
  add("torch._utils._rebuild_parameter_with_state", parameter);
  return globals;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function wholeNumbers(value: unknown): readonly number[] | undefined {
  // What is longer is not looked at: a pickle can hand the same long tuple to many tensors.
  return value instanceof Tuple && value.items.length <= mostAxes && value.items.every(isWhole)
    ? value.items
    : undefined;
}
