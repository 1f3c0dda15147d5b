# What CI adds to a fresh machine so that fewer tests are skipped; sourced by .ci/run. Nothing here is needed to pass: where
# something cannot be had, it says so in one line and the tests that need it are skipped with the reason.

# Chromium for the tests in browsers; the Vulkan loader for WebGPU in Node, on the SwiftShader that comes with Chromium.
if [ ! -x /usr/bin/chromium ] || ! ldconfig -p | grep -q libvulkan.so.1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium and libvulkan1 from Debian's packages."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      chromium libvulkan1 fonts-dejavu-core; } >/tmp/hooke-apt.log 2>&1 ||
      echo "apt-get could not install chromium and libvulkan1: $(tail -n 1 /tmp/hooke-apt.log)"
  else
    echo "No chromium or libvulkan1, and not root on Debian: tests in browsers and on WebGPU are skipped."
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
