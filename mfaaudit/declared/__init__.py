"""What people declare about a tenant, beside what was read of it: exceptions, classes, the posture."""
