"""Layers for sequences and short trainings of their networks; see the two files that it puts together."""

from schema import write
from sequences_layers import crack_growth_cases, other_cases, recurrent_cases, state_cases
from sequences_networks import trajectory_cases


def generate(source):
    write("sequences", source, [*recurrent_cases(), *state_cases(), *crack_growth_cases(), *other_cases()])
    write("sequences-trajectories", source, list(trajectory_cases()))
