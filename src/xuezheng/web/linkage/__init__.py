"""The pages for reconciling lists of other offices (外部名单) with the registers."""
