"""What the product runs on: embedded PostgreSQL and Valkey, database roles, and the supervisor behind `up`."""
