"""Pages of requests: for anybody who asks, for admins who answer, for a person about their own data."""
