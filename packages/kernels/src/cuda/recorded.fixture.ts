// What a backend runs, kept to be run again elsewhere: programs with what they were given and what they gave.
import type { Backend, HostArray } from "@hooke/runtime";
import type { Run } from "./running.fixture.ts";

export interface Known extends Run {
  readonly name: string;
  readonly expected: readonly HostArray[];
}

/**
 * All that a backend runs for some work, in order.
 *
 * @param backend whose `read` takes what is there when it is called, as those of the reference and of WebAssembly do
 */
export async function recorded<B extends Backend>(
  name: string,
  backend: B,
  work: (backend: B) => Promise<unknown>,
): Promise<Known[]> {
  const known: Promise<Known>[] = [];
  const prepare = backend.prepare.bind(backend);
  backend.prepare = async (program, options = {}) => {
    const { run, free } = await prepare(program, options);
    const donate = [...(options.donate ?? [])];
    return {
      free,
      run(buffers) {
        const before = Promise.all(buffers.map((buffer) => backend.read(buffer)));
        const outputs = run(buffers);
        const after = Promise.all(outputs.map((buffer) => backend.read(buffer)));
        const title = `${name}, run ${known.length + 1}`;
        known.push(
          Promise.all([before, after]).then(([inputs, expected]) => ({
            name: title,
            program,
            inputs,
            donate,
            expected,
          })),
        );
        return outputs;
      },
    };
  };
  await work(backend);
  backend.prepare = prepare;
  return Promise.all(known);
}
