"""What people declare about a tenant, beside what was read of it."""
