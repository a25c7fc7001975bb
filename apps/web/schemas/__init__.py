"""Which fields documents of a type have: looking at schemas, editing them, reading documents by them."""
