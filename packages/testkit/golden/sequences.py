"""Layers for sequences and short trainings of their networks; see the two files that it puts together."""

from sequences_layers import crack_growth_cases, other_cases, recurrent_cases, state_cases
from sequences_networks import trajectory_cases


def layer_cases():
    yield from recurrent_cases()
    yield from state_cases()
    yield from crack_growth_cases()
    yield from other_cases()


FILES = {"sequences": layer_cases, "sequences-trajectories": trajectory_cases}
