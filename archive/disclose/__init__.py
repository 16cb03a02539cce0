"""A copy of a bag that withholds sources, proves that it is a part of the sealed bag, and reveals nothing else."""
