from ibis.expr import operations as operations
