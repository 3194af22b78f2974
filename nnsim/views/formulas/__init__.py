"""Formulas drawn by ourselves: fractions, roots, sums and cases, crisp at every zoom."""
