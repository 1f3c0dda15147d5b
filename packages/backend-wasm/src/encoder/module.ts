// Functions and modules: the binary format around the code.
import { type Code, encode, join, section, signed, unsigned, type ValueType, valueTypes } from "./code.ts";

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** `N` numbers. */
type Indices<N extends number, T extends readonly number[] = []> = T["length"] extends N
  ? T
  : Indices<N, [...T, number]>;

/** A function under construction: `emit` appends code, `local` hands out locals, `release` takes them back. */
export class FunctionBuilder {
  /** Its index in the module, for `call` and `exportFunction`. */
  readonly index: number;
  readonly signature: Signature;
  private readonly code: Code[] = [];
  private sealed: Uint8Array | undefined;
  private readonly declared: ValueType[] = [];
  private readonly free: Record<ValueType, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };

  constructor(index: number, signature: Signature) {
    this.index = index;
    this.signature = signature;
  }

  /** A local of this type. It is zero only if it was never released before: set it before it is read. */
  local(type: ValueType): number {
    return this.free[type].pop() ?? this.ownLocal(type);
  }

  /** Several locals at once. */
  locals<N extends number>(type: ValueType, count: N): Indices<N> {
    return Array.from({ length: count }, () => this.local(type)) as Indices<N>;
  }

  /** A local that was never released, so that no code generated earlier writes it: for what lives across a loop's body. */
  ownLocal(type: ValueType): number {
    return this.signature.params.length + this.declared.push(type) - 1;
  }

  /** Makes locals available again; parameters stay. */
  release(...locals: readonly number[]): void {
    for (const index of locals) {
      const type = this.declared[index - this.signature.params.length];
      if (type !== undefined) this.free[type].push(index);
    }
  }

  emit(...code: readonly Code[]): void {
    if (this.sealed) throw new Error("the function is sealed");
    this.code.push(...code);
  }

  /** Whether nothing was emitted. */
  get isEmpty(): boolean {
    return this.sealed === undefined && this.code.length === 0;
  }

  /** Ends construction: bytes alone stay, which take a fraction of the memory. */
  seal(): void {
    const locals = this.declared.map((type) => [1, valueTypes[type]]);
    this.sealed = encode([unsigned(locals.length), locals, this.code, 0x0b]);
    this.code.length = 0;
  }

  /** The code section's entry, without its size. */
  toBytes(): Uint8Array {
    if (this.sealed === undefined) this.seal();
    return this.sealed!;
  }
}

/** The memory a module imports, in pages of 64 KiB. A shared memory needs `max`. */
export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly min: number;
  readonly max?: number;
  readonly shared?: boolean;
}

/** A name as the format writes it. */
export const nameOf = (text: string): Code => {
  const bytes = [...new TextEncoder().encode(text)];
  return [unsigned(bytes.length), bytes];
};
/** A vector of items as the format writes it. */
export const list = (items: Code): Code => [unsigned(items.length), items];

export class ModuleBuilder {
  private readonly types: Code[] = [];
  private readonly typeIndices = new Map<string, number>();
  private readonly imports: Code[] = [];
  private importedFunctions = 0;
  readonly functions: FunctionBuilder[] = [];
  /** Indices of functions by the keys under which they are shared. */
  readonly shared = new Map<unknown, number>();
  private readonly exports: Code[] = [];
  private globals = 0;
  /** Functions that `call_indirect` finds by their places here. */
  readonly table: number[] = [];
  private readonly segments: { readonly address: number; readonly bytes: Uint8Array }[] = [];

  importMemory({ module, name, min, max, shared = false }: MemoryImport): void {
    const limits = [
      (max === undefined ? 0 : 1) | (shared ? 2 : 0),
      unsigned(min),
      max === undefined ? [] : unsigned(max),
    ];
    this.imports.push([nameOf(module), nameOf(name), 2, limits]);
  }

  /** Imported functions take the first indices: import them before the first `addFunction`. */
  importFunction(module: string, name: string, signature: Signature): number {
    this.imports.push([nameOf(module), nameOf(name), 0, unsigned(this.typeOf(signature))]);
    return this.importedFunctions++;
  }

  /** A new, empty function; it may be called (and call itself) before its code is complete. */
  addFunction(params: readonly ValueType[], results: readonly ValueType[] = []): FunctionBuilder {
    const builder = new FunctionBuilder(this.importedFunctions + this.functions.length, { params, results });
    this.functions.push(builder);
    return builder;
  }

  /** The index of a function that `add` adds, once per key. */
  share(key: unknown, add: () => number): number {
    const index = this.shared.get(key) ?? add();
    this.shared.set(key, index);
    return index;
  }

  exportFunction(name: string, { index }: { readonly index: number }): void {
    this.exports.push([nameOf(name), 0, unsigned(index)]);
  }

  /** A new `i32` variable, which the module exports under a name. It begins with 0. */
  exportGlobal(name: string): number {
    this.exports.push([nameOf(name), 3, unsigned(this.globals)]);
    return this.globals++;
  }

  /** Bytes copied to a fixed address when the module is instantiated. */
  addData(address: number, bytes: Uint8Array): void {
    this.segments.push({ address, bytes });
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const signatures = this.functions.map(({ signature }) => unsigned(this.typeOf(signature)));
    const bodies = this.functions.map((builder) => builder.toBytes());
    const data = this.segments.map(({ address, bytes }) => [
      encode([0, 0x41, signed(address), 0x0b, unsigned(bytes.length)]),
      bytes,
    ]);
    const listed = (id: number, items: Code): readonly Uint8Array[] =>
      items.length === 0 ? [] : section(id, [encode(list(items))]);
    return join([
      encode([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
      ...listed(1, this.types),
      ...listed(2, this.imports),
      ...listed(3, signatures),
      ...(this.table.length === 0 ? [] : section(4, [encode([1, 0x70, 0, unsigned(this.table.length)])])),
      ...listed(6, new Array(this.globals).fill([valueTypes.i32, 1, 0x41, 0, 0x0b])),
      ...listed(7, this.exports),
      ...(this.table.length === 0 ? [] : section(9, [encode([1, 0, 0x41, 0, 0x0b, list(this.table.map(unsigned))])])),
      ...section(10, [
        encode([unsigned(bodies.length)]),
        ...bodies.flatMap((body) => [encode([unsigned(body.length)]), body]),
      ]),
      ...(data.length === 0 ? [] : section(11, [encode([unsigned(data.length)]), ...data.flat()])),
    ]);
  }

  /** The index of a function type. */
  typeOf({ params, results }: Signature): number {
    const key = `${params}:${results}`;
    let index = this.typeIndices.get(key);
    if (index === undefined) {
      const types = (these: readonly ValueType[]): Code => list(these.map((type) => [valueTypes[type]]));
      index = this.types.push([0x60, types(params), types(results)]) - 1;
      this.typeIndices.set(key, index);
    }
    return index;
  }
}
