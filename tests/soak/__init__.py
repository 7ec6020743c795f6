"""A soak: the real program for twenty minutes under load, and how what it takes grows.

load      feeds that publish, channels whose digests fall due, people who ask, platforms that fail
outcome   what it showed; which digests are missing or there twice
measure   memory, descriptors, threads, files, rows; how fast each of them grows
"""
