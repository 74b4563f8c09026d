"""How the simulator reads, keeps and carries mail."""
