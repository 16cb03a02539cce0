"""Who vouches for a bag, and since when: keys, signatures, timestamps, and the trust that is kept outside the bag."""
