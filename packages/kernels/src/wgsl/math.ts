// Functions of f32 in WGSL, to about 1e-6 of the true value. WGSL's own promise less: sin and cos an error of 2^-11, log near
// one and tanh near zero no correct digits at all, and NaN may come out as anything.

/** Definitions for use in kernels. */
export const helpers = /* wgsl */ `
  // Order and equality by bits: GPUs may take subnormal numbers for zero, and NaN for impossible.
  fn order(x : f32) -> i32 {
    let bits = bitcast<i32>(x);
    return select(bits, (bits ^ 0x7fffffff) + 1, bits < 0);
  }
  fn isSubnormal(x : f32) -> bool {
    let bits = bitcast<u32>(x) & 0x7fffffffu;
    return bits > 0u && bits < 0x00800000u;
  }
  // A subnormal number is this times 2^-149.
  fn quanta(x : f32) -> f32 { return f32(bitcast<u32>(x) & 0x7fffffffu); }
  fn expm1(x : f32) -> f32 {
    if (isnan(x)) { return x; }
    if (abs(x) > 0.35) { return exp(x) - 1.0; }
    return x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666667 + x * (0.0083333333 + x * (0.0013888889 +
      x * 0.00019841270))))));
  }
  // ln(1 + x) as twice the inverse hyperbolic tangent of x / (2 + x).
  fn logNearOne(x : f32) -> f32 {
    let s = x / (2.0 + x);
    let t = s * s;
    return 2.0 * s * (1.0 + t * (0.33333333 + t * (0.2 + t * (0.14285714 + t * (0.11111111 + t * 0.090909091)))));
  }
  fn logOf(x : f32) -> f32 {
    if (isnan(x) || x == uniforms.INFINITY) { return x; }
    if (order(x) < 0) { return uniforms.NAN; }
    if (isSubnormal(x)) { return log(quanta(x)) - 103.27893; }
    if (abs(x - 1.0) < 0.3) { return logNearOne(x - 1.0); }
    return log(x);
  }
  fn log1p(x : f32) -> f32 {
    if (isnan(x) || x == uniforms.INFINITY) { return x; }
    if (x < -1.0) { return uniforms.NAN; }
    if (abs(x) < 0.3) { return logNearOne(x); }
    return log(1.0 + x);
  }
  fn tanhOf(x : f32) -> f32 {
    if (isnan(x)) { return x; }
    let e = expm1(2.0 * min(abs(x), 20.0));
    return select(e / (e + 2.0), -e / (e + 2.0), x < 0.0);
  }
  fn squareRoot(x : f32) -> f32 {
    if (isnan(x) || x == uniforms.INFINITY) { return x; }
    if (order(x) < 0) { return uniforms.NAN; }
    if (isSubnormal(x)) { return sqrt(quanta(x)) * 3.7433921e-23; }
    return sqrt(x);
  }
  fn rsqrt(x : f32) -> f32 {
    if (isnan(x)) { return x; }
    if (order(x) < 0) { return uniforms.NAN; }
    if (order(x) == 0) { return uniforms.INFINITY; }
    if (x == uniforms.INFINITY) { return 0.0; }
    if (isSubnormal(x)) { return inverseSqrt(quanta(x)) * 2.6713696e22; }
    return inverseSqrt(x);
  }
  fn upperProduct(a : u32, b : u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let left = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let right = (a & 0xffffu) * (b >> 16u) + (left & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u);
  }
  // What is left of an angle of at least 1/2 once the nearest multiple of a quarter turn is taken off, and that multiple modulo 4: exact
  // by those 96 bits of 2 / pi that matter (Payne & Hanek, Radian reduction for trigonometric functions, 1983).
  fn farAngle(x : f32) -> vec2<f32> {
    var twoByPi = array<u32, 8>(
      0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u, 0x7f9458eau);
    let bits = bitcast<u32>(x);
    let exponent = ((bits >> 23u) & 255u) - 126u;
    let first = exponent >> 5u;
    let by = exponent & 31u;
    var part = array<u32, 3>(0u, 0u, 0u);
    for (var i = 0u; i < 3u; i++) {
      part[i] = (twoByPi[first + i] << by) | ((twoByPi[first + i + 1u] >> (31u - by)) >> 1u);
    }
    // The product in 2.62 bits: whole quarter turns before, the rest behind.
    let size = (bits << 8u) | 0x80000000u;
    let lowest = upperProduct(size, part[2]);
    var low = size * part[1] + lowest;
    var high = upperProduct(size, part[1]) + size * part[0] + select(0u, 1u, low < lowest);
    let isMore = (high & 0x20000000u) != 0u;
    var quarter = (high >> 30u) + select(0u, 1u, isMore);
    high = high & 0x3fffffffu;
    if (isMore) {
      low = 0u - low;
      high = 0x40000000u - high - select(0u, 1u, low != 0u);
    }
    let r = 1.5707963 * (f32(high) * 9.3132257e-10 + f32(low) * 2.1684043e-19);
    let isNegative = x < 0.0;
    if (isNegative) { quarter = 4u - quarter; }
    return vec2<f32>(select(r, -r, isMore != isNegative), f32(quarter & 3u));
  }
  // Sine and cosine: the nearest multiple of a quarter turn taken off in three steps, or exactly beyond 1e5, where these do not suffice;
  // then Taylor polynomials.
  fn circular(x : f32) -> vec2<f32> {
    if (isnan(x) || abs(x) == uniforms.INFINITY) { return vec2<f32>(uniforms.NAN); }
    var turns = round(x * 0.63661977);
    var r = ((x - turns * 1.5703125) - turns * 0.00048351288) - turns * 3.1391647e-7;
    if (abs(x) > 1e5) {
      let far = farAngle(x);
      r = far.x;
      turns = far.y;
    }
    let q = r * r;
    let s = r * (1.0 + q * (-0.16666667 + q * (0.0083333333 + q * (-0.00019841270 + q * 2.7557319e-6))));
    let c = 1.0 + q * (-0.5 + q * (0.041666667 + q * (-0.0013888889 + q * (2.4801587e-5 - q * 2.7557319e-7))));
    let quarter = i32(turns - 4.0 * floor(turns * 0.25));
    let swapped = select(vec2<f32>(s, c), vec2<f32>(c, s), (quarter & 1) == 1);
    let flips = vec2<f32>(select(1.0, -1.0, quarter >= 2), select(1.0, -1.0, quarter == 1 || quarter == 2));
    return swapped * flips;
  }
  fn tangent(x : f32) -> f32 {
    let both = circular(x);
    return both.x / both.y;
  }
  // A subnormal number times 2^74, which is a normal one; others as they are.
  fn normal(x : f32, isSubnormal : bool) -> f32 {
    let sign = bitcast<u32>(x) & 0x80000000u;
    return select(x, bitcast<f32>(bitcast<u32>(quanta(x) * 2.6469780e-23) | sign), isSubnormal);
  }
  fn divide(a : f32, b : f32) -> f32 {
    if (isnan(a)) { return a; }
    if (isnan(b)) { return b; }
    let over = isSubnormal(a);
    let under = isSubnormal(b);
    let scale = select(select(1.0, 1.8889466e22, under), select(5.2939559e-23, 1.0, under), over);
    return opaque(normal(a, over) / normal(b, under)) * scale;
  }
  // With the sign of the dividend, and exact: by bits, eight digits at a time. What GPUs have, a - b * trunc(a / b), is rounded twice.
  fn remainderOf(a : f32, b : f32) -> f32 {
    if (isnan(a)) { return a; }
    if (isnan(b)) { return b; }
    let size = bitcast<u32>(a) & 0x7fffffffu;
    let by = bitcast<u32>(b) & 0x7fffffffu;
    if (size == 0x7f800000u || by == 0u) { return uniforms.NAN; }
    if (size < by) { return a; }
    // Both as whole numbers below 2^24, times 2^(place - 150) and the dividend by as many digits more.
    let place = max(by >> 23u, 1u);
    var digits = max(size >> 23u, 1u) - place;
    let divisor = (by & 0x7fffffu) | select(0u, 0x800000u, by >= 0x800000u);
    var rest = ((size & 0x7fffffu) | select(0u, 0x800000u, size >= 0x800000u)) % divisor;
    while (digits > 0u) {
      let some = min(digits, 8u);
      rest = (rest << some) % divisor;
      digits -= some;
    }
    if (rest != 0u) {
      let shift = min(countLeadingZeros(rest) - 8u, place - 1u);
      rest = (rest << shift) + ((place - 1u - shift) << 23u);
    }
    return bitcast<f32>(rest | (bitcast<u32>(a) & 0x80000000u));
  }
  fn power(a : f32, b : f32) -> f32 {
    if (order(b) == 0) { return 1.0; }
    if (isnan(a)) { return a; }
    if (isnan(b)) { return b; }
    let isUp = order(b) > 0;
    let isWhole = floor(b) == b && !isSubnormal(b);
    let isOdd = isWhole && abs(b) < 16777216.0 && (i32(b) & 1) == 1;
    let size = magnitude(a);
    let isZero = order(size) == 0;
    var result : f32;
    if (isWhole && abs(b) <= 8.0) {
      result = 1.0;
      for (var i = 0; i < i32(abs(b)); i++) { result *= size; }
      if (b < 0.0) { result = divide(1.0, select(result, size, b == -1.0)); }
    } else if (isZero) {
      result = select(uniforms.INFINITY, 0.0, isUp);
    } else if (size == uniforms.INFINITY) {
      result = select(0.0, uniforms.INFINITY, isUp);
    } else if (abs(b) == uniforms.INFINITY) {
      result = select(select(0.0, uniforms.INFINITY, (size > 1.0) == isUp), 1.0, size == 1.0);
    } else if (b == 0.5) {
      result = squareRoot(size);
    } else {
      // Rounded as it is written: a compiler that puts the logarithm of 2 to b makes infinity of it, times 0.
      result = exp(opaque(b * logOf(size)));
    }
    if (bitcast<u32>(a) >> 31u == 0u) { return result; }
    if (!isWhole && abs(b) != uniforms.INFINITY && !isZero && size != uniforms.INFINITY) { return uniforms.NAN; }
    return select(result, -result, isOdd);
  }`;
