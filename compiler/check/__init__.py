"""Stage 3: bound program → typed tree. Types, narrowing, generics by instance, constants."""
