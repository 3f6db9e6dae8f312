"""Pages on which a bureau reads its policy, proposes versions of its own, approves them and adopts policy packs."""
