"""Attention, positions, Transformers and short trainings; see the three files that it puts together."""

from torch.nn.attention import SDPBackend, sdpa_kernel

from attention_blocks import block_cases, stack_cases
from attention_layers import learned_case, multi_head_cases, multi_head_mask_cases, multi_head_rotary_cases, position_cases, product_cases
from attention_models import trajectory_cases, transformer_cases


def plain(cases):
    """The cases as torch's plain kernel computes them: the other ones have no second derivatives."""
    with sdpa_kernel(SDPBackend.MATH):
        return list(cases())


def layer_cases():
    yield from product_cases()
    yield from multi_head_cases()
    yield from multi_head_mask_cases()
    yield from multi_head_rotary_cases()
    yield from block_cases()
    yield from stack_cases()
    yield from position_cases()
    yield from learned_case()
    yield from transformer_cases()


FILES = {"attention": lambda: plain(layer_cases), "attention-trajectories": lambda: plain(trajectory_cases)}
