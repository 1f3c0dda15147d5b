// How the pieces of a task reach threads, as code. The calling thread offers them, computes what nobody has claimed, and waits for
// the rest. Workers claim by an atomic subtraction, so that a thread which does not get a core delays at most the piece it has.
import { runPiece } from "../codegen/tasks.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { block, br, br_if, call, drop, forLoop, global, local, loop, return_, when } from "../encoder/control.ts";
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

/** So many looks at a word take 70 to 100 microseconds: as long as waking a thread takes where its core has gone to sleep. */
const patience = 100_000;

/** Where the threads of a program meet. */
export interface Meeting {
  /** The address of the control block. */
  readonly address: number;
  readonly threads: number;
  /** The global with the number of the thread: 0 calls, workers have others. */
  readonly thread: number;
}

const at = ({ address }: Meeting, word: keyof typeof control): Code => i32.const(address + control[word]);
const step = (index: number, by: number): Code => local.set(index, i32.add(local.get(index), i32.const(by)));

/** The pieces before a thread's range: ranges are parts of all pieces, as equal as can be. */
const before = ({ threads }: Meeting, thread: Code, count: Code): Code =>
  i32.div_u(i32.mul(thread, count), i32.const(threads));

/** Adds `(task, count)`: computes pieces until all are claimed, those of this thread's range first; leaves 1 if it ended the last. */
function addClaiming(module: ModuleBuilder, meeting: Meeting): number {
  const fn = module.addFunction(["i32", "i32"], ["i32"]);
  const [task, count] = [0, 1] as const;
  const { threads } = meeting;
  const [thread, tried, word, left] = fn.locals("i32", 4);
  const get = local.get;
  fn.emit(
    local.set(thread, global.get(meeting.thread)),
    forLoop({ index: tried, start: 0, limit: threads }, [
      local.set(word, plus(at(meeting, "unclaimed"), [get(thread), 64])),
      block(
        loop([
          br_if(1, i32.lt_s(atomics.load(get(word)), i32.const(1))),
          br_if(1, i32.lt_s(local.tee(left, atomics.sub(get(word), i32.const(1))), i32.const(1))),
          // A worker may find the pieces of the next task: its own are all claimed then, and these words are current.
          local.set(task, i32.load(at(meeting, "task"))),
          local.set(count, i32.load(at(meeting, "count"))),
          runPiece(
            module,
            get(task),
            i32.sub(before(meeting, i32.add(get(thread), i32.const(1)), get(count)), get(left)),
          ),
          when(i32.eq(atomics.sub(at(meeting, "pending"), i32.const(1)), i32.const(1)), return_(i32.const(1))),
          br(0),
        ]),
      ),
      step(thread, 1),
      when(i32.eq(get(thread), i32.const(threads)), local.set(thread, i32.const(0))),
    ]),
    i32.const(0),
  );
  module.shared.set("claim", fn.index);
  return fn.index;
}

/** The code of `(task, count)` where threads share the work. */
export function emitSharing(
  module: ModuleBuilder,
  fn: FunctionBuilder,
  meeting: Meeting,
  { wake, wait }: Signals,
): number {
  const claim = addClaiming(module, meeting);
  const [task, count] = [0, 1] as const;
  const [thread, patienceLeft] = fn.locals("i32", 2);
  const get = local.get;
  const end = before(meeting, i32.add(get(thread), i32.const(1)), get(count));
  fn.emit(
    i32.store(at(meeting, "task"), get(task)),
    i32.store(at(meeting, "count"), get(count)),
    atomics.store(at(meeting, "pending"), get(count)),
    forLoop(
      { index: thread, start: 0, limit: meeting.threads },
      atomics.store(
        plus(at(meeting, "unclaimed"), [get(thread), 64]),
        i32.sub(end, before(meeting, get(thread), get(count))),
      ),
    ),
    call(wake),
    when(call(claim, get(task), get(count)), return_()),
    local.set(patienceLeft, i32.const(patience)),
    loop([
      when(i32.eqz(atomics.load(at(meeting, "pending"))), return_()),
      step(patienceLeft, -1),
      br_if(0, get(patienceLeft)),
    ]),
    call(wait),
  );
  return claim;
}

/** Adds what a worker runs, `serve()`: computes pieces until the run is over or none was on offer for a while. */
export function addServing(module: ModuleBuilder, meeting: Meeting, claim: number): void {
  const fn = module.addFunction([]);
  const patienceLeft = fn.local("i32");
  const zero = i32.const(0);
  const restart = local.set(patienceLeft, i32.const(patience));
  fn.emit(
    restart,
    loop([
      when(atomics.load(at(meeting, "over")), return_()),
      when(atomics.load(at(meeting, "pending")), [
        when(call(claim, zero, zero), [
          // Whether the calling thread sleeps or not: it may fall asleep now.
          drop(atomics.notify(at(meeting, "pending"), i32.const(1))),
          restart,
        ]),
      ]),
      step(patienceLeft, -1),
      br_if(0, local.get(patienceLeft)),
    ]),
  );
  module.shared.set("serve", fn.index);
  module.exportFunction("serve", fn);
}
