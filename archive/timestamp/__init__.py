"""RFC 3161 timestamps: tokens, CMS, revocation lists, authorities."""
