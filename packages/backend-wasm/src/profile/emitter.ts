// An emitter whose code looks at the clock behind every kernel. Each thread writes what it finds to memory of its own: where it looked last,
// the first of its looks in their order, and how long each kernel took in all.

import type { Work } from "@hooke/plan/explain";
import type { Together } from "../codegen/emitter.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, global, local, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f64, i32 } from "../encoder/opcodes.ts";
import { NotingEmitter } from "../explain/noting.ts";

/** How many looks of a run each thread keeps in their order. */
export const mostLooks = 2 ** 15;

/** Bytes from the beginning of a thread's memory: the time of the last look, how many are kept, those, and sums. */
export const block = { last: 0, count: 8, looks: 16, sums: 16 + 16 * mostLooks } as const;

/** Where threads meet: the time until a piece begins. It belongs to what the pieces are of in the thread that calls; others had nothing to do. */
export class Meeting {
  /** Of what: one divided kernel, or several whole ones. */
  readonly works: readonly Work[];

  constructor(works: readonly Work[]) {
    this.works = works;
  }
}

/** What is computed in the pieces of a stage, or of steps side by side. */
function worksOf(together: Together): readonly Work[] {
  if (!("plan" in together)) return together;
  const { kernels, copies } = together.plan;
  return [
    ...kernels.flatMap((kernel) => [kernel, ...(kernel.kind === "scan" ? worksOf(kernel.body!) : [])]),
    ...copies,
  ];
}

export class MeasuringEmitter extends NotingEmitter {
  /** All that time is measured of, by its number. */
  readonly measured: (Work | Meeting)[] = [];
  /** The addresses of what threads write. */
  readonly blocks: number[] = [];
  private readonly numbers = new Map<Work | Meeting, number>();
  private readonly times: number;
  private readonly clock: number;

  constructor(...given: ConstructorParameters<typeof NotingEmitter>) {
    super(...given);
    this.times = this.module.exportGlobal("times");
    this.clock = this.module.importFunction("env", "clock", { params: [], results: ["f64"] });
  }

  get blockBytes(): number {
    return block.sums + 8 * this.measured.length;
  }

  override after(done: Work): Code {
    return this.look(done);
  }

  override pieces(count: number | Code, build: (fn: FunctionBuilder, piece: Code) => void, whole?: Together): Code {
    const kernel = this.current!;
    const meeting = new Meeting(whole === undefined ? [kernel] : worksOf(whole));
    const code = super.pieces(
      count,
      (fn, piece) => {
        fn.emit(this.look(meeting));
        build(fn, piece);
        if (whole === undefined) fn.emit(this.look(kernel));
      },
      whole,
    );
    return whole === undefined ? code : [code, this.look(meeting)];
  }

  private look(work: Work | Meeting): Code {
    let number = this.numbers.get(work);
    if (number === undefined) {
      number = this.measured.push(work) - 1;
      this.numbers.set(work, number);
    }
    return call(
      this.module.share("look at the clock", () => this.addLook()),
      i32.const(number),
    );
  }

  /** Adds `(number)`: the time since the last look is of that. */
  private addLook(): number {
    const fn = this.module.addFunction(["i32"]);
    const [start, at, count] = fn.locals("i32", 3);
    const now = fn.local("f64");
    const get = local.get;
    fn.emit(
      local.set(start, global.get(this.times)),
      local.set(now, call(this.clock)),
      local.set(at, plus(get(start), [get(0), 8])),
      f64.store(
        get(at),
        f64.add(f64.load(get(at), block.sums), f64.sub(get(now), f64.load(get(start), block.last))),
        block.sums,
      ),
      f64.store(get(start), get(now), block.last),
      local.set(count, i32.load(get(start), block.count)),
      when(i32.lt_u(get(count), i32.const(mostLooks)), [
        local.set(at, plus(get(start), [get(count), 16])),
        f64.store(get(at), get(now), block.looks),
        i32.store(get(at), get(0), block.looks + 8),
        i32.store(get(start), i32.add(get(count), i32.const(1)), block.count),
      ]),
    );
    return fn.index;
  }
}
