"""Connections that cost a thread only while there is work: slow senders and slow readers wait in a loop, not in the
pool.

gunicorn hands a connection to a thread with its first byte, and the thread then waits for the rest, and for the other
side to read. Here the worker's own loop collects head and body, and sends what the system did not take of the answer;
docs/decisions/0032-slow-connections.md gives the figures and their reasons.
"""

from server.connections.worker import PatientWorker as PatientWorker
