"""The register API: everything that is public, for machines. Reads the register, nothing else."""
