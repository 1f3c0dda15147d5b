// Kernels in CUDA C++: what the words of statements mean is defined before them. That they are right is tried
// on a processor, and that NVIDIA's compilers take them, where there is one (`cuda.test.ts`).
import type { Dialect } from "../dialect.ts";

/** What NVRTC, or nvcc, is to be told: a product and a sum are rounded one after the other, unless the text says `fma`. */
export const options: readonly string[] = ["--std=c++17", "--fmad=false"];

/** Words and functions, as WGSL has them, in a namespace that modules close. Functions of f32 keep NaN, order numbers by their bits, and take subnormal numbers for what they are. */
export const prelude: string = /* cuda */ `#undef NAN
#undef INFINITY
#define let const auto
#define var auto
namespace kernels {
using u32 = unsigned int;
using f32 = float;
// Whole numbers that wrap around.
struct i32 {
  int value;
  i32() = default;
  __device__ constexpr i32(int x) : value(x) {}
  __device__ constexpr i32(bool x) : value(x) {}
  __device__ constexpr explicit i32(u32 x) : value(int(x)) {}
  __device__ constexpr explicit i32(f32 x) : value(int(x)) {}
  __device__ constexpr explicit operator u32() const { return u32(value); }
  __device__ constexpr explicit operator f32() const { return f32(value); }
  __device__ friend constexpr i32 operator-(i32 a) { return i32(0u - u32(a)); }
  __device__ friend constexpr i32 operator~(i32 a) { return i32(~a.value); }
  __device__ friend constexpr i32 operator+(i32 a, i32 b) { return i32(u32(a) + u32(b)); }
  __device__ friend constexpr i32 operator-(i32 a, i32 b) { return i32(u32(a) - u32(b)); }
  __device__ friend constexpr i32 operator*(i32 a, i32 b) { return i32(u32(a) * u32(b)); }
  // Of the least number and -1, the least number.
  __device__ friend constexpr i32 operator/(i32 a, i32 b) { return b.value == -1 ? -a : i32(a.value / b.value); }
  __device__ friend constexpr i32 operator%(i32 a, i32 b) { return b.value == -1 ? i32(0) : i32(a.value % b.value); }
  __device__ friend constexpr i32 operator&(i32 a, i32 b) { return i32(a.value & b.value); }
  __device__ friend constexpr i32 operator|(i32 a, i32 b) { return i32(a.value | b.value); }
  __device__ friend constexpr i32 operator^(i32 a, i32 b) { return i32(a.value ^ b.value); }
  __device__ friend constexpr i32 operator<<(i32 a, u32 b) { return i32(u32(a) << b); }
  __device__ friend constexpr i32 operator>>(i32 a, u32 b) { return i32(a.value >> b); }
  __device__ friend constexpr bool operator==(i32 a, i32 b) { return a.value == b.value; }
  __device__ friend constexpr bool operator!=(i32 a, i32 b) { return a.value != b.value; }
  __device__ friend constexpr bool operator<(i32 a, i32 b) { return a.value < b.value; }
  __device__ friend constexpr bool operator<=(i32 a, i32 b) { return a.value <= b.value; }
  __device__ friend constexpr bool operator>(i32 a, i32 b) { return a.value > b.value; }
  __device__ friend constexpr bool operator>=(i32 a, i32 b) { return a.value >= b.value; }
  __device__ i32& operator+=(i32 b) { return *this = *this + b; }
  __device__ void operator++(int) { *this += 1; }
};
template <class T> struct vec2 { T x, y; __device__ vec2(T a, T b) : x(a), y(b) {} };
template <class T> struct alignas(16) vec4 {
  T parts[4];
  __device__ vec4(T a = T()) : parts{a, a, a, a} {}
  __device__ vec4(T a, T b, T c, T d) : parts{a, b, c, d} {}
  __device__ T& operator[](u32 i) { return parts[i]; }
  __device__ T operator[](u32 i) const { return parts[i]; }
  __device__ friend vec4 operator+(vec4 a, vec4 b) {
    return {a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]};
  }
  __device__ vec4& operator+=(vec4 b) { return *this = *this + b; }
};
template <class T, u32 N> struct array {
  T parts[N];
  template <class... E> __device__ array(E... all) : parts{all...} {}
  __device__ T& operator[](u32 i) { return parts[i]; }
};
template <class T, class F> __device__ T bitcast(F x) {
  static_assert(sizeof(T) == sizeof(F), "as many bits");
  T y;
  memcpy(&y, &x, sizeof(T));
  return y;
}
template <class A, class B> __device__ auto select(A no, B yes, bool which) { return which ? yes : no; }
template <class A, class B> __device__ auto min(A a, B b) { return b < a ? b : a; }
template <class A, class B> __device__ auto max(A a, B b) { return a < b ? b : a; }
__device__ f32 fma(f32 a, f32 b, f32 c) { return fmaf(a, b, c); }
__device__ vec4<f32> fma(vec4<f32> a, vec4<f32> b, vec4<f32> c) {
  return {fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]), fmaf(a[3], b[3], c[3])};
}
__device__ i32 abs(i32 x) { return x < 0 ? -x : x; }
__device__ i32 sign(i32 x) { return i32(x > 0) - i32(x < 0); }
__device__ bool isnan(f32 x) { return x != x; }
// Numbers in their order; zero and its negative are one.
__device__ i32 order(f32 x) {
  const i32 bits = bitcast<i32>(x);
  return bits < 0 ? (bits ^ 0x7fffffff) + 1 : bits;
}
__device__ f32 opaque(f32 x) { return x; }
__device__ f32 negate(f32 x) { return -x; }
__device__ f32 magnitude(f32 x) { return fabsf(x); }
__device__ f32 signOf(f32 x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }
__device__ f32 floorOf(f32 x) { return floorf(x); }
__device__ f32 squareRoot(f32 x) { return sqrtf(x); }
__device__ f32 rsqrt(f32 x) { return 1.0f / sqrtf(x); }
__device__ f32 expOf(f32 x) { return expf(x); }
__device__ f32 expm1(f32 x) { return expm1f(x); }
__device__ f32 logOf(f32 x) { return logf(x); }
__device__ f32 log1p(f32 x) { return log1pf(x); }
__device__ f32 sineOf(f32 x) { return sinf(x); }
__device__ f32 cosineOf(f32 x) { return cosf(x); }
__device__ f32 tangent(f32 x) { return tanf(x); }
__device__ f32 tanhOf(f32 x) { return tanhf(x); }
__device__ f32 sigmoidOf(f32 x) { return 1.0f / (1.0f + expf(-x)); }
__device__ f32 erfOf(f32 x) { return erff(x); }
__device__ f32 divide(f32 a, f32 b) { return a / b; }
__device__ f32 remainderOf(f32 a, f32 b) { return fmodf(a, b); }
__device__ f32 powerOf(f32 a, f32 b) { return powf(a, b); }
__device__ f32 maximumOf(f32 a, f32 b) { return isnan(a) || a >= b ? a : b; }
__device__ f32 minimumOf(f32 a, f32 b) { return isnan(a) || a <= b ? a : b; }
__device__ bool isEqual(f32 a, f32 b) { return a == b; }
__device__ bool isLess(f32 a, f32 b) { return a < b; }
__device__ bool isAtMost(f32 a, f32 b) { return a <= b; }
__device__ i32 quotient(i32 a, i32 b) { return b == 0 ? i32(0) : a / b; }
__device__ i32 rest(i32 a, i32 b) { return b == 0 ? i32(0) : a % b; }
__device__ u32 quotientOfWords(u32 a, u32 b) { return b == 0u ? 0u : a / b; }
__device__ u32 restOfWords(u32 a, u32 b) { return b == 0u ? 0u : a % b; }
__device__ i32 toI32(f32 x) {
  if (isnan(x)) return 0;
  if (x >= 2147483648.0f) return 2147483647;
  return x < -2147483648.0f ? i32(-2147483647 - 1) : i32(x);
}
__device__ u32 toU32(f32 x) {
  if (!(x > 0.0f)) return 0u;
  return x >= 4294967296.0f ? 0xffffffffu : u32(x);
}
__device__ bool isTrue(f32 x) { return x != 0.0f; }
__device__ u32 bfloat16(u32 word) {
  if ((word & 0x7fffffffu) > 0x7f800000u) return (word >> 16u) | 0x40u;
  return (word + 0x7fffu + ((word >> 16u) & 1u)) >> 16u;
}
__device__ u32 packedPair(u32 first, u32 second) { return bfloat16(first) | (bfloat16(second) << 16u); }
__device__ u32 unpackedHalf(u32 word, u32 number) { return (number & 1u) == 1u ? word & 0xffff0000u : word << 16u; }
__device__ vec2<u32> threefry(vec2<u32> key, vec2<u32> counter) {
  const u32 schedule[3] = {key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau};
  const u32 rotations[8] = {13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u};
  u32 x = counter.x + key.x;
  u32 y = counter.y + key.y;
  for (u32 round = 0u; round < 20u; round++) {
    const u32 rotation = rotations[round % 8u];
    x += y;
    y = ((y << rotation) | (y >> (32u - rotation))) ^ x;
    if (round % 4u == 3u) {
      const u32 injection = round / 4u + 1u;
      x += schedule[injection % 3u];
      y += schedule[(injection + 1u) % 3u] + injection;
    }
  }
  return {x, y};
}
__device__ void storageBarrier() { __syncthreads(); }
__device__ void workgroupBarrier() { __syncthreads(); }`;

/** The name of a kernel in its module. */
export const entry = "kernel";

/**
 * A module with one kernel, `kernel(words, uniforms, step0, ...)`: the address of the memory; a structure of words,
 * NaN, infinity, zero and pointers; and a word for each loop around it.
 */
export const cuda: Dialect = {
  backend: "backend cuda",
  source({ threads, isWide, pointers, levels, shared, statements }) {
    const given = Array.from({ length: pointers }, (_, i) => `, p${i}`).join("");
    const steps = Array.from({ length: levels }, (_, i) => `, u32 step${i}`).join("");
    return [
      prelude,
      `struct Uniforms { f32 NAN, INFINITY; u32 zero${given}; };`,
      `extern "C" __global__ void __launch_bounds__(${threads}) ${entry}(u32* words, Uniforms uniforms${steps}) {`,
      isWide ? "let memory = reinterpret_cast<vec4<u32>*>(words);" : "let memory = words;",
      "let group = blockIdx;",
      "let local = threadIdx.x;",
      // Words, since what a group shares has no constructor.
      ...shared.flatMap(({ name, vectors }) => [
        `alignas(16) __shared__ u32 words_of_${name}[${4 * vectors}];`,
        `let ${name} = reinterpret_cast<vec4<f32>*>(words_of_${name});`,
      ]),
      ...statements.filter((line) => line !== ""),
      "}",
      "}",
    ].join("\n");
  },
};
