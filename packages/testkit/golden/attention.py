"""Attention, positions, Transformers and short trainings; see the three files that it puts together."""

from torch.nn.attention import SDPBackend, sdpa_kernel

from attention_blocks import block_cases, stack_cases
from attention_layers import learned_case, multi_head_cases, multi_head_mask_cases, multi_head_rotary_cases, position_cases, product_cases
from attention_models import trajectory_cases, transformer_cases
from schema import write


def generate(source):
    # The other kernels have no second derivatives.
    with sdpa_kernel(SDPBackend.MATH):
        groups = [
            product_cases(),
            multi_head_cases(),
            multi_head_mask_cases(),
            multi_head_rotary_cases(),
            block_cases(),
            stack_cases(),
            position_cases(),
            learned_case(),
            transformer_cases(),
        ]
        write("attention", source, [entry for group in groups for entry in group])
        write("attention-trajectories", source, list(trajectory_cases()))
