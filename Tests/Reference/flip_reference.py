"""Means of NVIDIA's FLIP evaluator (PyPI: flip-evaluator): reads lines 'REFERENCE<tab>TEST', prints a number for each."""

import sys

import flip_evaluator
import numpy

for line in sys.stdin:
    reference, test = line.rstrip("\n").split("\t")
    # The evaluator adds up its own mean in single precision, which is off by more than what is to be compared.
    values, _, _ = flip_evaluator.evaluate(reference, test, "LDR", applyMagma=False)
    print(float(values.astype(numpy.float64).mean()))
