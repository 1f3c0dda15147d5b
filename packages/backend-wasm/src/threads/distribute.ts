// How the pieces of a task reach threads, as code. The calling thread offers them, computes what nobody has claimed, and waits for
// the rest. Workers claim by an atomic subtraction, so that a thread which does not get a core delays at most the piece it has.
import { runPiece } from "../codegen/tasks.ts";
import type { Code } from "../encoder/code.ts";
import { block, br, br_if, call, drop, local, loop, return_, when } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { atomics, i32 } from "../encoder/opcodes.ts";
import { control } from "./control.ts";

/** What a program's module imports where memory is shared. */
export interface Signals {
  /** `()`: wakes workers that sleep. */
  readonly wake: number;
  /** `()`: returns once no piece is pending. */
  readonly wait: number;
}

/** So many looks at a word take 20 to 50 microseconds. */
const patience = 20_000;

/** The code of `(task, count)` where threads share the work. The control block lies at `address`. */
export function emitSharing(
  module: ModuleBuilder,
  fn: FunctionBuilder,
  address: number,
  { wake, wait }: Signals,
): void {
  const [task, count] = [0, 1] as const;
  const [left, patienceLeft] = fn.locals("i32", 2);
  const at = (word: keyof typeof control): Code => i32.const(address + control[word]);
  const get = local.get;
  fn.emit(
    i32.store(at("task"), get(task)),
    i32.store(at("count"), get(count)),
    atomics.store(at("pending"), get(count)),
    atomics.store(at("unclaimed"), get(count)),
    call(wake),
    block(
      loop([
        br_if(1, i32.lt_s(local.tee(left, atomics.sub(at("unclaimed"), i32.const(1))), i32.const(1))),
        runPiece(module, get(task), i32.sub(get(count), get(left))),
        when(i32.eq(atomics.sub(at("pending"), i32.const(1)), i32.const(1)), return_()),
        br(0),
      ]),
    ),
    local.set(patienceLeft, i32.const(patience)),
    loop([
      when(i32.eqz(atomics.load(at("pending"))), return_()),
      br_if(0, local.tee(patienceLeft, i32.sub(get(patienceLeft), i32.const(1)))),
    ]),
    call(wait),
  );
}

/** Adds what a worker runs, `serve()`: computes pieces until the run is over or none was on offer for a while. */
export function addServing(module: ModuleBuilder, address: number): void {
  const fn = module.addFunction([]);
  const [left, patienceLeft] = fn.locals("i32", 2);
  const at = (word: keyof typeof control): Code => i32.const(address + control[word]);
  const get = local.get;
  const wait = local.set(patienceLeft, i32.const(patience));
  fn.emit(
    wait,
    loop([
      when(atomics.load(at("over")), return_()),
      when(i32.gt_s(atomics.load(at("unclaimed")), i32.const(0)), [
        local.set(left, atomics.sub(at("unclaimed"), i32.const(1))),
        when(i32.gt_s(get(left), i32.const(0)), [
          runPiece(module, i32.load(at("task")), i32.sub(i32.load(at("count")), get(left))),
          when(i32.eq(atomics.sub(at("pending"), i32.const(1)), i32.const(1)), [
            // Whether the calling thread sleeps or not: it may fall asleep now.
            drop(atomics.notify(at("pending"), i32.const(1))),
          ]),
          wait,
        ]),
      ]),
      br_if(0, local.tee(patienceLeft, i32.sub(get(patienceLeft), i32.const(1)))),
    ]),
  );
  module.shared.set("serve", fn.index);
  module.exportFunction("serve", fn);
}
