# JAX: every call is compiled by jit, and a training step is given its state to reuse. (A file jax.py would hide the package.)
import time

import protocol

try:
    import jax
    import jax.numpy as jnp
    import numpy as np
    from jax.experimental import jet
    import problem
except ModuleNotFoundError as error:
    protocol.missing(error.name)


def apply(params, x, activation):
    *hidden, (kernel, bias) = params
    for k, b in hidden:
        x = activation(x @ k + b)
    return x @ kernel + bias


def network(widths):
    return jax.tree.map(jnp.asarray, problem.network(widths))


def adam(params, first, second, step, gradients):
    """Adam with the L2 term of PyTorch's weight_decay."""
    step_size = problem.LEARNING_RATE / (1 - 0.9**step)
    root_factor = 1 / jnp.sqrt(1 - 0.999**step)
    gradients = jax.tree.map(lambda g, p: g + problem.WEIGHT_DECAY * p, gradients, params)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    params = jax.tree.map(
        lambda p, m, v: p - step_size * m / (jnp.sqrt(v) * root_factor + 1e-8), params, first, second
    )
    return params, first, second


def surrogate_step(state, x, y):
    params, first, second, step = state
    loss_of = lambda p: jnp.mean((apply(p, x, jax.nn.relu) - y) ** 2)
    loss, gradients = jax.value_and_grad(loss_of)(params)
    return (*adam(params, first, second, step, gradients), step + 1), loss


def surrogate():
    zeros = lambda: jax.tree.map(jnp.zeros_like, network(problem.SURROGATE_WIDTHS))
    state = (network(problem.SURROGATE_WIDTHS), zeros(), zeros(), jnp.float32(1))
    return state, *(jnp.asarray(part) for part in problem.surrogate_rows(problem.BATCH_SIZE))


def step():
    state, x, y = surrogate()
    jitted = jax.jit(surrogate_step, donate_argnums=0)
    losses = []
    for _ in range(10):
        state, loss = jitted(state, x, y)
        losses.append(loss)

    def run(count):
        nonlocal state
        for _ in range(count):
            state, loss = jitted(state, x, y)
        loss.block_until_ready()

    return run, losses


def prepare():
    state, x, y = surrogate()

    def run(count):
        for _ in range(count):
            # A new function each time: jit remembers those it has compiled.
            fresh = lambda *args: surrogate_step(*args)
            jax.jit(fresh)(state, x, y)[1].block_until_ready()

    return run, []


def repeat(function, *args):
    """Calls one after another, each waiting for its result."""

    def run(count):
        for _ in range(count):
            jax.block_until_ready(function(*args))

    return run


def forward(rows):
    def setup():
        params = network(problem.SURROGATE_WIDTHS)
        x, _ = problem.surrogate_rows(rows)
        jitted = jax.jit(lambda p, x: apply(p, x, jax.nn.relu))
        call = lambda: np.asarray(jitted(params, x))
        return repeat(call), call()[[0, -1], 0]

    return setup


def dot(size, transposed=""):
    def setup():
        a, b = (jnp.asarray(problem.values((size, size), seed)) for seed in (1, 2))
        turned = lambda name, x: x.T if name in transposed else x
        jitted = jax.jit(lambda a, b: jnp.matmul(turned("A", a), turned("B", b)))
        c = jitted(a, b)
        return repeat(jitted, a, b), [c[0, 0], c[-1, -1]]

    return setup


def elementwise(fn):
    def setup():
        x = jnp.asarray(problem.values((1_000_000,), 1, 4))
        jitted = jax.jit(fn)
        y = jitted(x)
        return repeat(jitted, x), [y[0], y[-1]]

    return setup


def burgers():
    params = network(problem.BURGERS_WIDTHS)
    x, t = (jnp.asarray(problem.values((problem.POINTS, 1), seed)) for seed in (1, 2))

    def loss_of(params):
        u_of = lambda x, t: apply(params, jnp.concatenate([x, t], 1), jnp.tanh)
        along_x = lambda f: lambda x: jax.jvp(f, (x,), (jnp.ones_like(x),))[1]
        u_at_t = lambda x: u_of(x, t)
        u, u_t = jax.jvp(lambda t: u_of(x, t), (t,), (jnp.ones_like(t),))
        u_x, u_xx = jax.jvp(along_x(u_at_t), (x,), (jnp.ones_like(x),))
        return jnp.mean((u_t + u * u_x - problem.VISCOSITY * u_xx) ** 2)

    jitted = jax.jit(jax.value_and_grad(loss_of))
    loss, gradients = jitted(params)
    return repeat(jitted, params), [loss, gradients[0][0][0, 0]]


# Derivatives in f64. Each way takes `u` of rows and returns what is asked for at rows; the table has the fastest.


def along(f, v):
    return lambda x: jax.jvp(f, (x,), (jnp.broadcast_to(jnp.asarray(v, x.dtype), x.shape),))[1]


def burgers_jvp(u, x):
    value, u_t = jax.jvp(u, (x,), (jnp.broadcast_to(jnp.array([0.0, 1.0]), x.shape),))
    u_x, u_xx = jax.jvp(along(u, [1.0, 0.0]), (x,), (jnp.broadcast_to(jnp.array([1.0, 0.0]), x.shape),))
    return value, u_x, u_xx, u_t


def series(u, x, v, order):
    v = jnp.broadcast_to(jnp.asarray(v, x.dtype), x.shape)
    return jet.jet(u, (x,), ((v, *[jnp.zeros_like(v)] * (order - 1)),))


def burgers_jet(u, x):
    value, (u_x, u_xx) = series(u, x, [1.0, 0.0], 2)
    return value, u_x, u_xx, along(u, [0.0, 1.0])(x)


def burgers_vmap(u, x):
    one = lambda p: u(p[None])[0, 0]
    gradient = jax.grad(one)
    each = lambda p: (one(p), gradient(p)[0], jax.grad(lambda q: gradient(q)[0])(p)[0], gradient(p)[1])
    return [part[:, None] for part in jax.vmap(each)(x)]


def plate_jvp(u, x):
    xx = lambda f: along(along(f, [1.0, 0.0]), [1.0, 0.0])
    yy = lambda f: along(along(f, [0.0, 1.0]), [0.0, 1.0])
    laplacian = lambda f: lambda x: xx(f)(x) + yy(f)(x)
    return laplacian(laplacian(u))(x)


def plate_jet(u, x):
    fourth = lambda v: series(u, x, v, 4)[1][3]
    root = 3**0.5 / 2
    return 8 / 9 * (fourth([1.0, 0.0]) + fourth([0.5, root]) + fourth([0.5, -root]))


def in_f64(widths, loss_of):
    """`loss_of(params, u)` and its gradient, compiled, from a call to a call."""
    params = jax.tree.map(lambda a: jnp.asarray(a, jnp.float64), problem.network(widths))
    u_of = lambda params: lambda x: apply(params, x, jnp.tanh)
    jitted = jax.jit(jax.value_and_grad(lambda params: loss_of(u_of(params))))
    loss, gradients = jitted(params)
    return repeat(jitted, params), [loss, gradients[0][0][0, 0]]


def published(way, rows=None):
    def setup():
        inside, walls, start = (jnp.asarray(part) for part in problem.published_points(rows))

        def loss_of(u):
            value, u_x, u_xx, u_t = way(u, inside)
            equation = jnp.mean((u_t + value * u_x - problem.VISCOSITY * u_xx) ** 2)
            ends = jnp.mean((u(start) + jnp.sin(jnp.pi * start[:, :1])) ** 2) + jnp.mean(u(walls) ** 2)
            return equation + ends

        return in_f64(problem.PUBLISHED_WIDTHS, loss_of)

    return setup


def plate(way):
    def setup():
        x = jnp.asarray(problem.plate_points())
        return in_f64(problem.PLATE_WIDTHS, lambda u: jnp.mean((way(u, x) - 1) ** 2))

    return setup


def fastest(ways):
    """The way that takes the shortest here."""

    def setup():
        def seconds(task):
            start = time.perf_counter()
            task[0](3)
            return time.perf_counter() - start

        with jax.enable_x64(True):
            run, check = min([way() for way in ways], key=seconds)

        def run_in_f64(count):
            with jax.enable_x64(True):
                run(count)

        return run_in_f64, check

    return setup


published_ways = (burgers_jvp, burgers_jet, burgers_vmap)
plate_ways = (plate_jvp, plate_jet)

protocol.serve(
    "JAX",
    jax.__version__,
    {
        "step": step,
        "prepare": prepare,
        "forward64": forward(problem.BATCH_SIZE),
        "forward1": forward(1),
        "dot512": dot(512),
        "dot1024": dot(1024),
        "dot1024A": dot(1024, "A"),
        "dot1024B": dot(1024, "B"),
        "dot1024AB": dot(1024, "AB"),
        "tanh": elementwise(jnp.tanh),
        "exp": elementwise(jnp.exp),
        "burgers": burgers,
        "published": fastest([published(way) for way in published_ways]),
        "publishedMany": fastest([published(way, problem.MANY_POINTS) for way in published_ways]),
        "plate": fastest([plate(way) for way in plate_ways]),
    },
)
