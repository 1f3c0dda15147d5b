# JAX: every call is compiled by jit, and a training step is given its state to reuse. (A file jax.py would hide the package.)
import protocol

try:
    import jax
    import jax.numpy as jnp
    import numpy as np
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


def dot(size):
    def setup():
        a, b = (jnp.asarray(problem.values((size, size), seed)) for seed in (1, 2))
        jitted = jax.jit(jnp.matmul)
        c = jitted(a, b)
        return repeat(jitted, a, b), [c[0, 0], c[-1, -1]]

    return setup


def tanh():
    x = jnp.asarray(problem.values((1_000_000,), 1, 4))
    jitted = jax.jit(jnp.tanh)
    y = jitted(x)
    return repeat(jitted, x), [y[0], y[-1]]


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
        "tanh": tanh,
        "burgers": burgers,
    },
)
