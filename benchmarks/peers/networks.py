# The larger networks in PyTorch, with the layers of networks.ts.
import torch
from torch import nn


def cnn():
    blocks, channels = [], 1
    for filters in (32, 64, 128):
        blocks += [nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    return nn.Sequential(*blocks, nn.Flatten(), nn.Linear(128 * 8 * 8, 256), nn.ReLU(), nn.Linear(256, 1)), (8, 1, 64, 64)


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


def transformer():
    return Transformer(), (8, 64, 8)
