"""What the readers of office formats share: parts and properties of a package, embedded files, formulas, graphics."""
