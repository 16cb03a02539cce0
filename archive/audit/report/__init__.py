"""What the catalogue holds, for people, machines, monitoring and preservation systems."""
