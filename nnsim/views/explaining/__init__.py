"""What explains one number: its formula, its sentence, and the way through the pass."""
