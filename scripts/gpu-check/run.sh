#!/bin/sh
# Checks a GPU on a bare machine: Linux on x64 with the driver, and no registry. What else it takes comes in .cache/gpu-check, which
# `node scripts/gpu-check/pack.ts` makes; where the repository is installed, that is not needed.
#
#   sh scripts/gpu-check/run.sh [--quick] [--only NAME] [FOLDER]     results in FOLDER, default .cache/gpu-check/results
cd "$(dirname "$0")/../.." || exit
pack=$PWD/.cache/gpu-check
if [ ! -x node_modules/.bin/node ]; then
  if [ ! -f "$pack/tools.tar.xz" ]; then
    echo "gpu-check: nothing is installed here and there is no .cache/gpu-check; make it with node scripts/gpu-check/pack.ts where there is." >&2
    exit 1
  fi
  tar -xJf "$pack/tools.tar.xz" || python3 -c "import tarfile; tarfile.open('$pack/tools.tar.xz').extractall('.')" || exit
fi
# The machine's own libraries are taken where it has them.
mkdir -p "$pack/missing"
for library in "$pack"/lib/*; do
  name=${library##*/}
  if /sbin/ldconfig -p 2>/dev/null | grep -q "$name"; then rm -f "$pack/missing/$name"; else cp "$library" "$pack/missing/"; fi
done
export LD_LIBRARY_PATH="$pack/missing${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# Containers have the driver's manifest beside its libraries, where the loader does not look, or the libraries alone.
if [ -z "$VK_DRIVER_FILES$VK_ICD_FILENAMES" ] && ! ls /etc/vulkan/icd.d/nvidia*.json /usr/share/vulkan/icd.d/nvidia*.json >/dev/null 2>&1; then
  mounted=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
  if [ -f "$mounted" ]; then
    export VK_DRIVER_FILES="$mounted"
  elif /sbin/ldconfig -p 2>/dev/null | grep -q libGLX_nvidia.so.0; then
    echo '{ "file_format_version": "1.0.0", "ICD": { "library_path": "libGLX_nvidia.so.0", "api_version": "1.3.0" } }' >"$pack/nvidia_icd.json"
    export VK_DRIVER_FILES="$pack/nvidia_icd.json"
  fi
fi
# NVRTC comes with PyTorch and JAX for CUDA.
if [ -z "$HOOKE_NVRTC" ] && command -v python3 >/dev/null; then
  found=$(python3 -c "import glob, sysconfig; print(*sorted(glob.glob(sysconfig.get_path('purelib') + '/nvidia/*/lib/libnvrtc.so.1[2-9]'))[-1:])")
  if [ -n "$found" ]; then export HOOKE_NVRTC="$found"; fi
fi
exec node_modules/.bin/node scripts/gpu-check/check.ts "$@"
