// The commands that the doctor gives: with the options it was given itself, so that they can be pasted.

/** Options of the command line that say where things are, as given. */
export interface Given {
  /** Whether the processor is accepted. */
  readonly cpu?: boolean | undefined;
  readonly python?: string | undefined;
  readonly libtensorflow?: string | undefined;
  readonly folder?: string | undefined;
}

/** What to do. */
export interface Cures {
  /** Installs a TensorFlow, without root. */
  readonly tensorflow: string;
  /** Builds against the TensorFlow there is. */
  readonly setup: string;
  /** Builds against the one just installed. */
  readonly setupAfter: string;
}

export function curesFor({ cpu, python, libtensorflow, folder }: Given): Cures {
  const home = "~/tensorflow";
  const setup = (options: Readonly<Record<string, string | undefined>>): string =>
    Object.entries({ ...options, folder })
      .filter(([, value]) => value !== undefined)
      .reduce((command, [option, value]) => `${command} --${option} ${value}`, "npx hooke-cuda setup");
  return {
    tensorflow: `python3 -m venv ${home} && ${home}/bin/pip install ${cpu ? "tensorflow-cpu" : '"tensorflow[and-cuda]"'}`,
    setup: setup({ python, libtensorflow }),
    setupAfter: setup({ python: `${home}/bin/python` }),
  };
}

/** What to do where there is no driver. */
export const driverCure =
  "Install NVIDIA's driver (Debian, Ubuntu: `sudo apt install nvidia-driver`; WSL: on the Windows side) and restart; in a container, start it with `--gpus all`.";

/** What to do where there is no compiler. */
export const compilerCure =
  "Install a C++ compiler (Debian, Ubuntu: `sudo apt install g++`; Fedora: `sudo dnf install gcc-c++`), or name yours in the variable CXX.";
