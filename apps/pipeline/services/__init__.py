"""Changing runs and steps; every rule of the state machine is here and in the models' constraints."""
