"""What a signature is bound to: one over a statement of one kind is none of another. (PROTOCOL.sshsig, `namespace`)"""

SEAL = "archive-bag"
CUSTODY = "archive-custody"
RECEIPT = "archive-receipt"
CORROBORATION = "archive-corroboration"
