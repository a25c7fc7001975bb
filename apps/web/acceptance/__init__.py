"""What is accepted without a person: the target, certificates with their figures, alarms, taking acceptances back."""
