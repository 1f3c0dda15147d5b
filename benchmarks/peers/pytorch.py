# PyTorch, eager, on two threads. Adam is the fused implementation, the fastest of PyTorch's three on a CPU.
import protocol

try:
    import problem
    import torch
except ModuleNotFoundError as error:
    protocol.missing(error.name)

torch.set_num_threads(2)


def network(widths, activation):
    parts = []
    for kernel, bias in problem.network(widths):
        dense = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            dense.weight.copy_(torch.from_numpy(kernel.T.copy()))
            dense.bias.copy_(torch.from_numpy(bias))
        parts += [dense, activation()]
    return torch.nn.Sequential(*parts[:-1])


def repeat(call):
    def run(count):
        for _ in range(count):
            call()

    return run


def step():
    model = network(problem.SURROGATE_WIDTHS, torch.nn.ReLU)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=problem.LEARNING_RATE, weight_decay=problem.WEIGHT_DECAY, fused=True
    )
    loss_of = torch.nn.MSELoss()
    x, y = (torch.from_numpy(part) for part in problem.surrogate_rows(problem.BATCH_SIZE))

    def call():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return repeat(call), [call().item() for _ in range(10)]


def forward(rows):
    def setup():
        model = network(problem.SURROGATE_WIDTHS, torch.nn.ReLU)
        x, _ = problem.surrogate_rows(rows)

        @torch.inference_mode()
        def call():
            return model(torch.from_numpy(x)).numpy()

        return repeat(call), call()[[0, -1], 0]

    return setup


def dot(size):
    def setup():
        a, b = (torch.from_numpy(problem.values((size, size), seed)) for seed in (1, 2))
        c = a @ b
        return repeat(lambda: a @ b), [c[0, 0], c[-1, -1]]

    return setup


def tanh():
    x = torch.from_numpy(problem.values((1_000_000,), 1, 4))
    y = torch.tanh(x)
    return repeat(lambda: torch.tanh(x)), [y[0], y[-1]]


def burgers():
    model = network(problem.BURGERS_WIDTHS, torch.nn.Tanh)
    params = list(model.parameters())
    x, t = (torch.from_numpy(problem.values((problem.POINTS, 1), seed)).requires_grad_() for seed in (1, 2))

    def call():
        u = model(torch.cat([x, t], 1))
        u_x, u_t = torch.autograd.grad(u.sum(), (x, t), create_graph=True)
        (u_xx,) = torch.autograd.grad(u_x.sum(), x, create_graph=True)
        loss = (u_t + u * u_x - problem.VISCOSITY * u_xx).square().mean()
        return loss, torch.autograd.grad(loss, params)

    loss, gradients = call()
    return repeat(call), [loss.item(), gradients[0][0, 0]]


protocol.serve(
    "PyTorch",
    torch.__version__.split("+")[0],
    {
        "step": step,
        "forward64": forward(problem.BATCH_SIZE),
        "forward1": forward(1),
        "dot512": dot(512),
        "dot1024": dot(1024),
        "tanh": tanh,
        "burgers": burgers,
    },
)
