# What CI adds to a fresh machine so that fewer tests are skipped; sourced by .ci/run. Nothing here is needed to pass: where
# something cannot be had, it says so in one line and the tests that need it are skipped with the reason.

# What is skipped without them, then packages of Debian. Fails only where apt-get does.
install_from_debian() {
  local without="$1" log
  shift
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not all of $* is here, and this is not root on Debian: $without are skipped."
    return 0
  fi
  echo "Installing $* from Debian's packages."
  log=$(mktemp)
  if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then return 0; fi
  echo "apt-get could not install $*: $(tail -n 1 "$log")"
  return 1
}

# Chromium for the tests in browsers, without windows where Debian has that apart: it takes a third of the computing. The Vulkan loader for
# WebGPU in Node, on the SwiftShader that comes with both.
if [ ! -x /usr/bin/chromium-headless-shell ] || ! ldconfig -p | grep -q libvulkan.so.1; then
  browsers="without any Chromium, tests in browsers and on WebGPU"
  install_from_debian "$browsers" chromium-headless-shell libvulkan1 fonts-dejavu-core ||
    install_from_debian "$browsers" chromium libvulkan1 fonts-dejavu-core || true
fi

# Slurm for sweeps on a cluster, which tests start by themselves: 4 MB, 5 s.
if ! { command -v slurmctld && command -v slurmd && command -v sbatch && command -v munged; } >/dev/null; then
  install_from_debian "tests on Slurm" slurmctld slurmd slurm-client munge || true
fi

# MPI for trainings on many ranks, both implementations: 15 MB, 10 s.
if ! { command -v mpirun.openmpi && command -v mpirun.mpich; } >/dev/null; then
  install_from_debian "tests on MPI" openmpi-bin mpich || true
fi

# TensorFlow without CUDA, which takes the path of the CUDA backend on the processor.
if [ -z "${HOOKE_TENSORFLOW_PYTHON:-}" ]; then
  environment="${XDG_CACHE_HOME:-$HOME/.cache}/hooke/tensorflow-cpu-2.21"
  if [ ! -f "$environment/complete" ]; then
    echo "Installing tensorflow-cpu 2.21 with pip."
    rm -rf "$environment"
    { python3 -m venv "$environment" && timeout 400 "$environment/bin/pip" install --quiet --no-input \
      --disable-pip-version-check --retries 1 --timeout 20 "tensorflow-cpu==2.21.*" &&
      touch "$environment/complete"; } >/tmp/hooke-pip.log 2>&1 ||
      echo "pip could not install tensorflow-cpu: $(tail -n 1 /tmp/hooke-pip.log)"
  fi
  if [ -f "$environment/complete" ]; then export HOOKE_TENSORFLOW_PYTHON="$environment/bin/python"; fi
fi
