"""OpenSSH's formats: keys, agent, signatures (SSHSIG), allowed signers, revoked keys."""
