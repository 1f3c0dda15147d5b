# What CI adds to a fresh machine so that fewer tests are skipped; sourced by .ci/run. Nothing here is needed to pass: where
# something cannot be had, it says so in one line and the tests that need it are skipped with the reason.

# Chromium for the tests in browsers, without windows where Debian has that apart: it takes a third of the computing. The Vulkan loader for
# WebGPU in Node, on the SwiftShader that comes with both.
if [ ! -x /usr/bin/chromium-headless-shell ] || ! ldconfig -p | grep -q libvulkan.so.1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium-headless-shell and libvulkan1 from Debian's packages."
    apt_log=$(mktemp)
    install_packages() {
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libvulkan1 fonts-dejavu-core "$1"
    }
    { apt-get update -qq && { install_packages chromium-headless-shell || install_packages chromium; }; } >"$apt_log" 2>&1 ||
      echo "apt-get could not install Chromium and libvulkan1: $(tail -n 1 "$apt_log")"
  else
    echo "No chromium-headless-shell or libvulkan1, and not root on Debian: without any Chromium, tests in browsers and on WebGPU are skipped."
  fi
fi

# Slurm for sweeps on a cluster, which tests start by themselves: 4 MB, 5 s.
if ! { command -v slurmctld && command -v slurmd && command -v sbatch && command -v munged; } >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing slurmctld, slurmd, slurm-client and munge from Debian's packages."
    apt_log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge; } \
      >"$apt_log" 2>&1 || echo "apt-get could not install Slurm: $(tail -n 1 "$apt_log")"
  else
    echo "No Slurm, and not root on Debian: tests on Slurm are skipped."
  fi
fi

# MPI for trainings on many ranks, both implementations: 15 MB, 10 s.
if ! { command -v mpirun.openmpi && command -v mpirun.mpich; } >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing openmpi-bin and mpich from Debian's packages."
    apt_log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openmpi-bin mpich; } \
      >"$apt_log" 2>&1 || echo "apt-get could not install MPI: $(tail -n 1 "$apt_log")"
  else
    echo "No Open MPI or no MPICH, and not root on Debian: tests on it are skipped."
  fi
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
