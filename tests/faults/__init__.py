"""Delivery under faults: real processes, real signals, and the ledgers of the fakes as the oracle.

worker   one process that delivers, with our store and transports; it can be told to die at a named step
world    the fakes, a database, workers, and what is missing, duplicate or in the wrong channel in the end
rows     the faults, one function each
"""
