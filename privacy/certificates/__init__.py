"""Proof of erasure: what a certificate says, its signature and chain, and how anybody checks it."""
