#!/usr/bin/env node
// The command `hooke-cuda`.
import { parseArgs } from "node:util";
import { HookeError, nearest } from "@hooke/runtime";
import { findForDriver } from "./backend.ts";
import { examine, format } from "./doctor.ts";
import { setupFolder } from "./installation.ts";
import { runIn } from "./run.ts";
import { setup } from "./setup.ts";
import { fromFolder, fromPython, type TensorFlow } from "./tensorflow.ts";

const usage = `hooke-cuda doctor [--engine driver] [--cpu] [--python path | --libtensorflow folder] [--folder where]
  Prints what the backend cuda needs and finds, and the commands that cure what is missing.
  Ends with code 0 if the backend is usable, else 1.

hooke-cuda setup [--python path | --libtensorflow folder] [--folder where]
  Builds the binding between Node and a TensorFlow of yours.

--python         the Python whose pip installed TensorFlow (default: $HOOKE_TENSORFLOW_PYTHON, else python3)
--libtensorflow  an unpacked libtensorflow archive instead
--folder         where the binding is (default: $HOOKE_CUDA_FOLDER, else hooke/cuda in your cache folder)
--cpu            a TensorFlow without GPU is fine
--engine         what is to run programs: tensorflow (the default), or driver, which needs no TensorFlow`;

const run = runIn(process.env);

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [command, ...rest] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (rest.length > 0 || (command !== "doctor" && command !== "setup")) {
    throw new HookeError(
      `hooke-cuda: received "${positionals.join(" ")}"; the commands are doctor and setup.\n\n${usage}`,
    );
  }
  const folder = setupFolder(process.env, values.folder);
  const compiler = process.env.CXX || "c++";
  const findTensorflow = async (): Promise<TensorFlow> =>
    values.libtensorflow
      ? fromFolder(values.libtensorflow)
      : fromPython(run, values.python ?? (process.env.HOOKE_TENSORFLOW_PYTHON || "python3"));

  const { engine = "tensorflow" } = values;
  if (engine !== "tensorflow" && engine !== "driver") {
    throw new HookeError(`hooke-cuda: received the engine "${engine}"; the engines are tensorflow and driver.`);
  }
  if (command === "doctor" && engine === "driver") {
    const { reportOf } = await import("./driver/report.ts");
    const report = reportOf(await findForDriver({ folder }));
    console.log(format(report));
    return report.usable ? 0 : 1;
  }
  if (command === "doctor") {
    const node = process.versions.node;
    const folders = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter((place) => place !== "");
    const report = await examine({ run, folders, folder, compiler, findTensorflow, node, given: values });
    console.log(format(report));
    return report.usable ? 0 : 1;
  }
  if (process.platform !== "linux") {
    throw new HookeError(
      `hooke-cuda setup: builds on Linux, this is ${process.platform}; on Windows run it inside WSL 2. Elsewhere use the backend webgpu.`,
      { code: "unsupported" },
    );
  }
  const tensorflow = await findTensorflow();
  const result = await setup({ run, tensorflow, folder, compiler, log: console.log });
  console.log(`Done: TensorFlow ${result.tensorflow} starts in Node, ${result.gpu ? "on the GPU" : "without a GPU"}.`);
  if (!result.gpu)
    console.log("See `npx hooke-cuda doctor` for what a GPU needs, or use cudaBackend({ acceptCpu: true }).");
  if (values.folder) console.log(`Tell programs where it is: export HOOKE_CUDA_FOLDER=${folder}`);
  return 0;
}

const flags = {
  python: { type: "string" },
  libtensorflow: { type: "string" },
  folder: { type: "string" },
  cpu: { type: "boolean" },
  engine: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

function unknownFlag(args: readonly string[]): string {
  const names = Object.keys(flags);
  const given = args
    .filter((arg) => arg.startsWith("-") && arg !== "-h")
    .map((arg) => arg.replace(/^-+/, "").split("=")[0]!)
    .find((name) => !names.includes(name))!;
  const near = nearest(given, names);
  return `received the unknown option "--${given}".${near === undefined ? "" : ` Did you mean "--${near}"?`}`;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: flags,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    const said = isUnknown ? unknownFlag(args) : message;
    throw new HookeError(`hooke-cuda: ${said}\n\n${usage}`, {
      code: isUnknown ? "unknown-option" : "invalid-argument",
      cause: error,
    });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof HookeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
