"""What gives work to workers: processes of this machine, or a cluster."""
