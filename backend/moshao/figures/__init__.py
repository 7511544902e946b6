"""What the work amounts to: counts, rates, who stands how, and the cases behind each number."""
