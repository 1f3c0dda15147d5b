# PyTorch: eager on two threads, or as the arguments say: `cuda`, on a GPU; `compile`, losses under torch.compile.
# Adam is the fused implementation, the fastest of PyTorch's three.
import os
import sys

import protocol

try:
    import networks
    import problem
    import torch
except ModuleNotFoundError as error:
    protocol.missing(error.name)

# On one core, where that is asked.
torch.set_num_threads(min(2, len(os.sched_getaffinity(0))))
device = torch.device("cuda" if "cuda" in sys.argv else "cpu")
if device.type == "cuda" and not torch.cuda.is_available():
    protocol.absent("torch finds no CUDA GPU")


def compiled(function):
    # reduce-overhead records CUDA graphs; it means nothing on a CPU.
    mode = "reduce-overhead" if device.type == "cuda" else "default"
    return torch.compile(function, mode=mode) if "compile" in sys.argv else function


def to_device(values):
    return torch.from_numpy(values).to(device)


def finish():
    """Waits until everything asked of the GPU has been computed."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def network(widths, activation):
    parts = []
    for kernel, bias in problem.network(widths):
        dense = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            dense.weight.copy_(torch.from_numpy(kernel.T.copy()))
            dense.bias.copy_(torch.from_numpy(bias))
        parts += [dense, activation()]
    return torch.nn.Sequential(*parts[:-1]).to(device)


def repeat(call):
    def run(count):
        for _ in range(count):
            call()
        finish()

    return run


def stepper(weight_decay):
    model = network(problem.SURROGATE_WIDTHS, torch.nn.ReLU)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=problem.LEARNING_RATE, weight_decay=weight_decay, fused=True
    )
    mse = torch.nn.MSELoss()
    loss_of = compiled(lambda x, y: mse(model(x), y))
    x, y = (to_device(part) for part in problem.surrogate_rows(problem.BATCH_SIZE))

    def call():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(x, y)
        loss.backward()
        optimizer.step()
        return loss

    return call


def step():
    call = stepper(problem.WEIGHT_DECAY)
    return repeat(call), [call().item() for _ in range(10)]


def step_read():
    call = stepper(0)
    return repeat(lambda: call().item()), [call().item() for _ in range(10)]


def network_step(make):
    def setup():
        model, shape = make()
        model = model.to(device).train()
        optimizer = torch.optim.Adam(model.parameters(), lr=problem.LEARNING_RATE, fused=True)
        mse = torch.nn.MSELoss()
        loss_of = compiled(lambda x, y: mse(model(x), y))
        x = to_device(problem.values(shape, 1))
        y = to_device(problem.values(tuple(model(x).shape), 2))

        def call():
            optimizer.zero_grad(set_to_none=True)
            loss_of(x, y).backward()
            optimizer.step()

        call()
        return repeat(call), []

    return setup


def network_output(make):
    def setup():
        model, shape = make()
        model = model.to(device).eval()
        predict = compiled(lambda x: model(x))
        x = problem.values(shape, 1)

        @torch.inference_mode()
        def call():
            return predict(to_device(x)).cpu().numpy()

        call()
        return repeat(call), []

    return setup


def forward(rows):
    def setup():
        model = network(problem.SURROGATE_WIDTHS, torch.nn.ReLU)
        x, _ = problem.surrogate_rows(rows)

        predict = compiled(lambda x: model(x))

        @torch.inference_mode()
        def call():
            return predict(to_device(x)).cpu().numpy()

        return repeat(call), call()[[0, -1], 0]

    return setup


def dot(size, transposed=""):
    def setup():
        a, b = (to_device(problem.values((size, size), seed)) for seed in (1, 2))
        a, b = (x.T if name in transposed else x for name, x in (("A", a), ("B", b)))
        c = a @ b
        return repeat(lambda: a @ b), [c[0, 0].item(), c[-1, -1].item()]

    return setup


def elementwise(fn):
    def setup():
        x = to_device(problem.values((1_000_000,), 1, 4))
        y = fn(x)
        return repeat(lambda: fn(x)), [y[0].item(), y[-1].item()]

    return setup


def burgers():
    model = network(problem.BURGERS_WIDTHS, torch.nn.Tanh)
    params = list(model.parameters())
    x, t = (to_device(problem.values((problem.POINTS, 1), seed)).requires_grad_() for seed in (1, 2))

    def call():
        u = model(torch.cat([x, t], 1))
        u_x, u_t = torch.autograd.grad(u.sum(), (x, t), create_graph=True)
        (u_xx,) = torch.autograd.grad(u_x.sum(), x, create_graph=True)
        loss = (u_t + u * u_x - problem.VISCOSITY * u_xx).square().mean()
        return loss, torch.autograd.grad(loss, params)

    loss, gradients = call()
    return repeat(call), [loss.item(), gradients[0][0, 0].item()]


def in_f64(widths, loss_of):
    """`loss_of(model)` and its gradient."""
    model = network(widths, torch.nn.Tanh).double()
    params = list(model.parameters())

    def call():
        loss = loss_of(model)
        # The last bias has no part in derivatives.
        return loss, torch.autograd.grad(loss, params, allow_unused=True)

    loss, gradients = call()
    return repeat(call), [loss.item(), gradients[0][0, 0].item()]


def gradient_of(u, x):
    (gradient,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    return gradient


def published(rows=None):
    def setup():
        inside, walls, start = (to_device(part) for part in problem.published_points(rows))
        inside.requires_grad_()

        def loss_of(model):
            u = model(inside)
            first = gradient_of(u, inside)
            u_x, u_t = first[:, :1], first[:, 1:]
            u_xx = gradient_of(u_x, inside)[:, :1]
            equation = (u_t + u * u_x - problem.VISCOSITY * u_xx).square().mean()
            at_start = model(start) + torch.sin(torch.pi * start[:, :1])
            return equation + at_start.square().mean() + model(walls).square().mean()

        return in_f64(problem.PUBLISHED_WIDTHS, loss_of)

    return setup


def plate():
    x = to_device(problem.plate_points()).requires_grad_()

    def laplacian(u):
        first = gradient_of(u, x)
        return sum(gradient_of(first[:, i], x)[:, i : i + 1] for i in (0, 1))

    return in_f64(problem.PLATE_WIDTHS, lambda model: (laplacian(laplacian(model(x))) - 1).square().mean())


protocol.serve(
    "PyTorch",
    torch.__version__.split("+")[0] + (f" on {torch.cuda.get_device_name()}" if device.type == "cuda" else ""),
    {
        "step": step,
        "stepRead": step_read,
        "cnn": network_step(networks.cnn(8)),
        "cnnMany": network_step(networks.cnn(64)),
        "voxel": network_step(networks.voxel),
        "unet": network_step(networks.unet),
        "resnet": network_step(networks.resnet(8, 64, 1)),
        "resnetOutput": network_output(networks.resnet(1, 224, 1000)),
        "mobileNetOutput": network_output(networks.mobile_net),
        "lstm": network_step(networks.lstm),
        "transformer": network_step(networks.transformer),
        "molecules": network_step(networks.molecules),
        "forward64": forward(problem.BATCH_SIZE),
        "forward1": forward(1),
        "dot512": dot(512),
        "dot1024": dot(1024),
        "dot1024A": dot(1024, "A"),
        "dot1024B": dot(1024, "B"),
        "dot1024AB": dot(1024, "AB"),
        "tanh": elementwise(torch.tanh),
        "exp": elementwise(torch.exp),
        # Second derivatives do not go through torch.compile; this row is eager everywhere.
        "burgers": burgers,
        "published": published(),
        "publishedMany": published(problem.MANY_POINTS),
        "plate": plate,
    },
)
