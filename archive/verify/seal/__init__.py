"""Who vouches for a bag and since when: signatures, timestamps, and the original of a disclosure copy."""
