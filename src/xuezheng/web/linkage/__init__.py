"""The pages for reconciling outside lists with the registers."""
