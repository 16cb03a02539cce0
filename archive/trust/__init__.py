"""Who vouches for a bag, and since when: signatures, timestamps, and trust that comes from outside the bag."""
