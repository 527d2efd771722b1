"""What is written: each module maps one area between rows and domain objects."""
