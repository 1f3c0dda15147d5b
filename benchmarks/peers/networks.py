# The larger networks in PyTorch, with the layers of networks.ts.
import torch
from torch import nn


def cnn(batch):
    def make():
        blocks, channels = [], 1
        for filters in (32, 64, 128):
            blocks += [nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU(), nn.MaxPool2d(2)]
            channels = filters
        head = [nn.Flatten(), nn.Linear(128 * 8 * 8, 256), nn.ReLU(), nn.Linear(256, 1)]
        return nn.Sequential(*blocks, *head), (batch, 1, 64, 64)

    return make


def voxel():
    blocks, channels = [], 1
    for filters in (16, 32, 64):
        blocks += [nn.Conv3d(channels, filters, 3, padding=1), nn.BatchNorm3d(filters), nn.ReLU(), nn.MaxPool3d(2)]
        channels = filters
    head = [nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)]
    return nn.Sequential(*blocks, *head), (2, 1, 32, 32, 32)


def unit(channels, filters, size, stride=1, groups=1, activation=None):
    """A convolution, batch normalisation and an activation, as torchvision has them."""
    conv = nn.Conv2d(channels, filters, size, stride, (size - 1) // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(filters), *([] if activation is None else [activation(inplace=True)]))


class Residual(nn.Module):
    """What `inner` adds to its input, or to what a projection makes of it; `last` follows."""

    def __init__(self, inner, project=None, last=None):
        super().__init__()
        self.inner, self.project, self.last = inner, project, last

    def forward(self, x):
        sum = self.inner(x) + (x if self.project is None else self.project(x))
        return sum if self.last is None else self.last(sum)


def resnet(batch, side, outputs):
    def make():
        layers, channels = [unit(3, 64, 7, 2, activation=nn.ReLU), nn.MaxPool2d(3, 2, 1)], 64
        for filters in (64, 128, 256, 512):
            for block in range(2):
                stride = 2 if block == 0 and filters > 64 else 1
                inner = nn.Sequential(unit(channels, filters, 3, stride, activation=nn.ReLU), unit(filters, filters, 3))
                project = None if channels == filters else unit(channels, filters, 1, stride)
                layers.append(Residual(inner, project, nn.ReLU(inplace=True)))
                channels = filters
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, outputs)]
        return nn.Sequential(*layers), (batch, 3, side, side)

    return make


def mobile_net():
    layers, channels = [unit(3, 32, 3, 2, activation=nn.ReLU6)], 32
    stages = (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)
    for expansion, filters, count, first_stride in stages:
        for block in range(count):
            stride, wide = first_stride if block == 0 else 1, expansion * channels
            inner = [] if expansion == 1 else [unit(channels, wide, 1, activation=nn.ReLU6)]
            inner += [unit(wide, wide, 3, stride, groups=wide, activation=nn.ReLU6), unit(wide, filters, 1)]
            inner = nn.Sequential(*inner)
            layers.append(Residual(inner) if stride == 1 and channels == filters else inner)
            channels = filters
    layers += [unit(320, 1280, 1, activation=nn.ReLU6), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 1000)]
    return nn.Sequential(*layers), (1, 3, 224, 224)


class Unet(nn.Module):
    def __init__(self, filters=32, depth=3):
        super().__init__()
        widths = [filters * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(self.block(*pair) for pair in zip([1, *widths], widths))
        pairs = list(zip(widths, widths[1:]))
        self.up = nn.ModuleList(nn.ConvTranspose2d(wide, narrow, 2, 2) for narrow, wide in pairs)
        self.merge = nn.ModuleList(self.block(wide, narrow) for narrow, wide in pairs)
        self.pool, self.head = nn.MaxPool2d(2), nn.Conv2d(filters, 1, 1)

    @staticmethod
    def block(channels, filters):
        return nn.Sequential(
            unit(channels, filters, 3, activation=nn.ReLU), unit(filters, filters, 3, activation=nn.ReLU)
        )

    def forward(self, x):
        skipped = []
        for down in self.down[:-1]:
            skipped.append(down(x))
            x = self.pool(skipped[-1])
        x = self.down[-1](x)
        for level in reversed(range(len(skipped))):
            x = self.merge[level](torch.cat([skipped[level], self.up[level](x)], 1))
        return self.head(x)


def unet():
    return Unet(), (1, 1, 64, 64)


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 64, 2, batch_first=True, dropout=0.2)
        self.head = nn.Linear(64, 1)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def lstm():
    return Lstm(), (64, 20, 3)


class Transformer(nn.Module):
    def __init__(self, length=64, features=8, width=64):
        super().__init__()
        self.embedding = nn.Linear(features, width)
        layer = nn.TransformerEncoderLayer(width, 4, 256, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, 1)
        angles = torch.arange(length)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
        self.register_buffer("waves", torch.stack([angles.sin(), angles.cos()], -1).reshape(length, width))

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x) + self.waves).mean(1))


class Molecules(nn.Module):
    """Directed message passing on the union of 64 graphs, those of molecules.ts."""

    def __init__(self, width=64):
        super().__init__()
        senders, receivers, reverse, members, start = [], [], [], [], 0
        for number in range(64):
            size = 8 + number * 7 % 13
            pairs = [(i, i + 1) for i in range(size - 1)] + [(0, 5)]
            edge = len(senders)
            senders += [start + a for a, _ in pairs] + [start + b for _, b in pairs]
            receivers += [start + b for _, b in pairs] + [start + a for a, _ in pairs]
            reverse += [edge + (i + len(pairs)) % (2 * len(pairs)) for i in range(2 * len(pairs))]
            members += [number] * size
            start += size
        for name, places in {"senders": senders, "receivers": receivers, "reverse": reverse, "members": members}.items():
            self.register_buffer(name, torch.tensor(places))
        self.nodes = start
        self.register_buffer("edges", torch.randn(len(senders), 7))
        self.start = nn.Linear(26 + 7, width, bias=False)
        self.message = nn.Linear(width, width, bias=False)
        self.end = nn.Linear(26 + width, width)
        self.head = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x):
        total = lambda messages: messages.new_zeros(self.nodes, messages.shape[1]).index_add(0, self.receivers, messages)
        first = self.start(torch.cat([x[self.senders], self.edges], 1))
        messages = torch.relu(first)
        for _ in range(2):
            messages = torch.relu(first + self.message(total(messages)[self.senders] - messages[self.reverse]))
        nodes = torch.relu(self.end(torch.cat([x, total(messages)], 1)))
        return self.head(nodes.new_zeros(64, nodes.shape[1]).index_add(0, self.members, nodes))


def molecules():
    network = Molecules()
    return network, (network.nodes, 26)


def transformer():
    return Transformer(), (8, 64, 8)
