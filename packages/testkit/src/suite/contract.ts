// The contract of buffers and executables as checks: what must be refused, with which code, and that nothing changes when it is.
import {
  add,
  array,
  type Backend,
  type Buffer,
  type ErrorCode,
  type Executable,
  HookeError,
  type HostArray,
  mul,
  type PrepareOptions,
  record,
  type Tensor,
} from "@hooke/runtime";
import { difference } from "../compare.ts";

const three = { shape: [3], dtype: "f32" } as const;
const [ones, tens] = [array([1, 2, 3]), array([10, 20, 30])];

/** What one check works with; buffers and programs made here are freed afterwards, if they still can be. */
class Bench {
  readonly problems: string[] = [];
  readonly backend: Backend;
  private readonly frees: (() => void)[] = [];

  constructor(backend: Backend) {
    this.backend = backend;
  }

  upload(value: HostArray): Buffer {
    const buffer = this.backend.upload(value);
    this.frees.push(() => this.backend.free(buffer));
    return buffer;
  }

  async prepare(fn: (a: Tensor, b: Tensor) => unknown, options?: PrepareOptions): Promise<Executable> {
    const executable = await this.backend.prepare(record(fn, three, three).program, options);
    this.frees.push(() => executable.free());
    return executable;
  }

  /** Notes unless `action` fails with this code. */
  async refuses(what: string, code: ErrorCode, action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof HookeError && error.code === code) return;
      this.problems.push(`${what}: expected a HookeError with the code "${code}", received ${error}`);
      return;
    }
    this.problems.push(`${what}: nothing was thrown`);
  }

  async holds(what: string, buffer: Buffer, expected: HostArray): Promise<void> {
    const problem = difference(await this.backend.read(buffer), expected);
    if (problem) this.problems.push(`${what} ${problem}`);
  }

  /** Runs, compares the outputs that are buffers of their own, and frees them. */
  async yields(what: string, executable: Executable, inputs: readonly Buffer[], expected: HostArray): Promise<void> {
    const outputs = executable.run(inputs);
    await this.holds(what, outputs[0]!, expected);
    for (const output of outputs) if (!inputs.includes(output)) this.backend.free(output);
  }

  close(): void {
    for (const free of this.frees) {
      try {
        free();
      } catch (error) {
        if (!(error instanceof HookeError)) throw error;
      }
    }
  }
}

type Check = (bench: Bench) => Promise<void>;

const constants = (k: number) => (a: Tensor) => add(a, array([100 * k, 200 * k, 300 * k]));

const checks: Readonly<Record<string, Check>> = {
  async "a freed buffer is refused everywhere"(bench) {
    const { backend } = bench;
    const sum = await bench.prepare((a, b) => add(a, b));
    const [freed, alive] = [bench.upload(ones), bench.upload(tens)];
    backend.free(freed);
    const others = [bench.upload(array([7, 8, 9])), bench.upload(array([4, 5, 6]))];
    await bench.refuses("read", "freed", () => backend.read(freed));
    await bench.refuses("write", "freed", () => backend.write(freed, ones));
    await bench.refuses("free", "freed", () => backend.free(freed));
    await bench.refuses("run", "freed", () => sum.run([alive, freed]));
    await bench.holds("another buffer", others[0]!, array([7, 8, 9]));
    await bench.holds("another buffer", others[1]!, array([4, 5, 6]));
    await bench.yields("the program afterwards", sum, [alive, others[0]!], array([17, 28, 39]));
  },

  async "a freed program is refused, and disturbs no other"(bench) {
    const x = bench.upload(array([0, 0, 0]));
    const first = await bench.prepare(constants(1));
    first.free();
    const second = await bench.prepare(constants(2));
    await bench.refuses("free", "freed", () => first.free());
    const third = await bench.prepare(constants(3));
    await bench.refuses("run", "freed", () => first.run([x, x]));
    await bench.yields("the second program", second, [x, x], array([200, 400, 600]));
    await bench.yields("the third program", third, [x, x], array([300, 600, 900]));
  },

  async "buffers outlive the program that made them"(bench) {
    const [a, b] = [bench.upload(ones), bench.upload(tens)];
    const sum = await bench.prepare((x, y) => add(x, y));
    const [output] = sum.run([a, b]);
    sum.free();
    await bench.prepare(constants(1));
    await bench.holds("the output", output!, array([11, 22, 33]));
    bench.backend.free(output!);
  },

  async "a read yields what the buffer held when it was called"(bench) {
    const buffer = bench.upload(ones);
    const reads = [bench.backend.read(buffer)];
    bench.backend.write(buffer, tens);
    reads.push(bench.backend.read(buffer));
    bench.backend.free(buffer);
    bench.upload(array([7, 8, 9]));
    for (const [i, expected] of [ones, tens].entries()) {
      const problem = difference(await reads[i]!, expected);
      if (problem) bench.problems.push(`read ${i} ${problem}`);
    }
  },

  async "inputs of another number, shape or dtype are refused"(bench) {
    const product = await bench.prepare((a, b) => mul(a, b));
    const [a, b] = [bench.upload(ones), bench.upload(tens)];
    const others = {
      longer: bench.upload(array([1, 2, 3, 4])),
      shorter: bench.upload(array([1])),
      "of another rank": bench.upload(array([[1, 2, 3]])),
      whole: bench.upload(array(Int32Array.of(1, 2, 3))),
    };
    for (const [what, other] of Object.entries(others)) {
      await bench.refuses(`a buffer that is ${what}`, "mismatch", () => product.run([a, other]));
    }
    await bench.refuses("too few", "mismatch", () => product.run([a]));
    await bench.refuses("too many", "mismatch", () => product.run([a, b, b]));
    await bench.refuses("an array in place of a buffer", "invalid-argument", () => product.run([a, 3 as never]));
    await bench.yields("the program afterwards", product, [a, b], array([10, 40, 90]));
  },

  async "arrays that do not fit a buffer are refused"(bench) {
    const buffer = bench.upload(ones);
    for (const other of [array([1, 2, 3, 4]), array([[1, 2, 3]]), array(Int32Array.of(1, 2, 3))]) {
      await bench.refuses(`${other.dtype}[${other.shape}]`, "mismatch", () => bench.backend.write(buffer, other));
    }
    await bench.holds("the buffer", buffer, ones);
  },

  async "host arrays that are not what they say are refused"(bench) {
    const buffer = bench.upload(ones);
    const wrong: Record<string, object> = {
      "too few values": { shape: [3], dtype: "f32", data: new Float32Array(2) },
      "another class": { shape: [3], dtype: "f32", data: new Float64Array(3) },
      "an unknown dtype": { shape: [3], dtype: "f16", data: new Float32Array(3) },
      "negative dimensions": { shape: [-3, -1], dtype: "f32", data: new Float32Array(3) },
      "broken dimensions": { shape: [1.5, 2], dtype: "f32", data: new Float32Array(3) },
      "a bool of 2": { shape: [1], dtype: "bool", data: Uint8Array.of(2) },
    };
    for (const [what, value] of Object.entries(wrong)) {
      await bench.refuses(`upload of ${what}`, "invalid-argument", () => bench.backend.upload(value as HostArray));
      await bench.refuses(`write of ${what}`, "invalid-argument", () =>
        bench.backend.write(buffer, value as HostArray),
      );
    }
    await bench.holds("the buffer", buffer, ones);
  },

  async "a donated buffer is given once"(bench) {
    const { backend } = bench;
    const update = await bench.prepare((a, b) => [add(a, 1), mul(b, 10)], { donate: [0] });
    const swap = await bench.prepare((a, b) => [add(a, 1), mul(b, 10)], { donate: [1, 0] });
    const [a, b] = [bench.upload(ones), bench.upload(tens)];
    await bench.refuses("donated and read", "mismatch", () => update.run([a, a]));
    await bench.refuses("donated twice", "mismatch", () => swap.run([a, a]));
    await bench.holds("the buffer", a, ones);
    const [same, other] = update.run([a, b]);
    if (same !== a) bench.problems.push("the donated buffer is not returned");
    await bench.holds("the donated buffer", a, array([2, 3, 4]));
    await bench.holds("the other output", other!, array([100, 200, 300]));
    backend.free(other!);
    swap.run([a, b]);
    await bench.holds("the buffer of the first input", a, array([100, 200, 300]));
    await bench.holds("the buffer of the second input", b, array([3, 4, 5]));
  },

  async "donations that do not fit the program are refused"(bench) {
    const { program } = record((a: Tensor, b: Tensor) => [add(a, a), mul(b, b)], three, { shape: [2], dtype: "f32" });
    const wrong: Record<string, (number | null)[]> = {
      "to no output": [null, null, 0],
      "of no input": [2],
      "of another shape": [1],
    };
    for (const [what, donate] of Object.entries(wrong)) {
      await bench.refuses(`a donation ${what}`, "mismatch", () => bench.backend.prepare(program, { donate }));
    }
    await bench.refuses("a donation to two outputs", "mismatch", () =>
      bench.prepare((a, b) => [add(a, b), mul(a, b)], { donate: [0, 0] }),
    );
  },
};

/** The checks by name. Each yields what breaks the contract, in words. */
export const contractChecks: Readonly<Record<string, (backend: Backend) => Promise<string[]>>> = Object.fromEntries(
  Object.entries(checks).map(([name, check]) => [
    name,
    async (backend: Backend) => {
      const bench = new Bench(backend);
      try {
        await check(bench);
      } finally {
        bench.close();
      }
      return bench.problems;
    },
  ]),
);

/** What two instances of a backend must refuse of each other. */
export async function checkInstances(backend: Backend, other: Backend): Promise<string[]> {
  const [here, there] = [new Bench(backend), new Bench(other)];
  const sum = await here.prepare((a, b) => add(a, b));
  const [own, foreign] = [here.upload(ones), there.upload(tens)];
  await here.refuses("run", "mismatch", () => sum.run([own, foreign]));
  await here.refuses("read", "mismatch", () => backend.read(foreign));
  await here.refuses("write", "mismatch", () => backend.write(foreign, ones));
  await here.refuses("free", "mismatch", () => backend.free(foreign));
  await there.holds("the other's buffer", foreign, tens);
  await here.yields("the program afterwards", sum, [own, own], array([2, 4, 6]));
  here.close();
  there.close();
  return [...here.problems, ...there.problems];
}
